import { createRunnerClient } from "@assay/proto";
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
const lang = process.argv[2]!;
const nsrc = Number(process.argv[3]);
const conc = Number(process.argv[4]);
const token = "x".repeat(40);
const port = 50000 + Math.floor(Math.random() * 5000);
const child = spawn(process.execPath, [`/work/main/runners/${lang}/src/main.ts`], {
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: { ...process.env, ASSAY_RUNNER_TOKEN: token, ASSAY_RUNNER_LISTEN: `127.0.0.1:${port}` },
});
await new Promise<void>((r) =>
  child.on("message", (m) => {
    console.log(m);
    r();
  }),
);
const client = createRunnerClient(`127.0.0.1:${port}`, token);
const code =
  lang === "javascript"
    ? `export async function fetchData(indicator) { return { data: { seen: indicator.data, length: indicator.data.length } }; }`
    : `def fetch_data(indicator, context):\n    return {"data": {"seen": indicator.data, "length": len(indicator.data)}}\n`;
const codeHash = createHash("sha256").update(code).digest("hex");
const ids = Array.from({ length: nsrc }, (_, n) => `source${n}`);
for (const sourceId of ids) console.log(sourceId, await client.update({ sourceId, codeHash, code }));
let answers = 0,
  bad: any = null;
const once = () =>
  new Promise<void>((resolve, reject) => {
    const s = client.fetchData(
      {
        lookupId: "l",
        indicator: { data: "192.0.2.1", kind: "IPV4" },
        sources: ids.map((sourceId) => ({ sourceId, codeHash, timeoutMs: 5000, configJson: "{}", hosts: [] })),
      },
      { deadlineMs: Date.now() + 30000 },
    );
    s.on("data", (e: any) => {
      answers++;
      if (e.answer?.outcome !== "ok") bad = e;
    });
    s.on("end", resolve);
    s.on("error", reject);
  });
for (const phase of ["warm", "measure"]) {
  answers = 0;
  const t = performance.now();
  const until = t + 5000;
  const lat: number[] = [];
  let done = 0;
  await Promise.all(
    Array.from({ length: conc }, async () => {
      while (performance.now() < until) {
        const a = performance.now();
        await once();
        lat.push(performance.now() - a);
        done++;
      }
    }),
  );
  lat.sort((a, b) => a - b);
  console.log(
    phase,
    "lookups/s",
    (done / 5).toFixed(0),
    "answers/s",
    (answers / 5).toFixed(0),
    "p50",
    lat[lat.length >> 1]?.toFixed(1),
    "p99",
    lat[Math.floor(lat.length * 0.99)]?.toFixed(1),
    JSON.stringify(bad),
  );
}
console.log("cpu client", process.cpuUsage());
client.close();
child.kill("SIGTERM");
