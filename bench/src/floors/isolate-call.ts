import ivm from "isolated-vm";

const code = "(function (input) { return JSON.stringify({ data: JSON.parse(input).data }); })";
const input = JSON.stringify({ data: "192.0.2.1", kind: "IPV4" });

/** Calls per second of one isolate, one after another: in one warm context, and in a fresh context each. */
export async function bareIsolateCalls(seconds: number): Promise<{ warm: number; fresh: number }> {
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  const script = await isolate.compileScript(code);
  const functionIn = async (context: ivm.Context): Promise<ivm.Reference<(input: string) => string>> =>
    script.run(context, { reference: true });
  const context = await isolate.createContext();
  const call = await functionIn(context);
  const warm = await oneByOne(async () => void (await call.apply(undefined, [input], { timeout: 1000 })), seconds);
  const fresh = await oneByOne(async () => {
    const own = await isolate.createContext();
    const reference = await functionIn(own);
    await reference.apply(undefined, [input], { timeout: 1000 });
    reference.release();
    own.release();
  }, seconds);
  isolate.dispose();
  return { warm, fresh };
}

async function oneByOne(work: () => Promise<void>, seconds: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (performance.now() < start + seconds * 1000) {
    await work();
    done++;
  }
  return done / ((performance.now() - start) / 1000);
}
