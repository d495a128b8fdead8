import {
  type Answer,
  createRunnerClient,
  type FetchDataEvent,
  type FetchDataRequest,
  RunnerService,
} from "@assay/proto";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";

const answer: Answer = { outcome: "ok", resultJson: '{"a":1}', problem: null, timing: null, logs: [], http: [] };

/** Streams per second of a bare server that answers each source at once, client and server in this process. */
export async function bareGrpcStreams(sources: number, seconds: number): Promise<number> {
  const server = new Server();
  server.addService(RunnerService, {
    FetchData: (call: ServerWritableStream<FetchDataRequest, FetchDataEvent>) => {
      for (const source of call.request.sources) call.write({ sourceId: source.sourceId, event: "answer", answer });
      call.end();
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = createRunnerClient(`127.0.0.1:${port}`, "floor");
  const calls = Array.from({ length: sources }, (_, n) => ({
    sourceId: `source${n}`,
    codeHash: "",
    timeoutMs: 1000,
    configJson: "{}",
    hosts: [],
    secrets: [],
  }));
  const request = { lookupId: "floor", indicator: { data: "192.0.2.1", kind: "IPV4" }, sources: calls };
  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = client.fetchData(request);
      stream.on("data", () => undefined);
      stream.on("end", () => resolve());
      stream.on("error", reject);
    });
  const perSecond = await repeat(once, seconds, 16);
  client.close();
  server.forceShutdown();
  return perSecond;
}

/** Runs of `work` per second, so many at a time. */
export async function repeat(work: () => Promise<void>, seconds: number, atOnce: number): Promise<number> {
  const start = performance.now();
  const until = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        await work();
        done++;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}
