import type { AddressInfo } from "node:net";
import express from "express";

/** A bare Express route that parses a JSON body and answers with JSON, in a process of its own. */
const app = express();
app.use(express.json());
app.post("/", (request, response) => {
  response.json({ data: request.body.data, answers: [] });
});
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on("disconnect", () => process.exit(0));
