import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { load } from "../load.ts";
import { bareGrpcStreams } from "./grpc-stream.ts";
import { bareIsolateCalls } from "./isolate-call.ts";

export interface Floors {
  readonly expressRoute: number;
  readonly grpcStreamOf1: number;
  readonly grpcStreamOf20: number;
  readonly isolateWarm: number;
  readonly isolateFresh: number;
  readonly fork: number;
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What the parts can do alone on this machine, in operations per second. */
export async function measureFloors(seconds: number): Promise<Floors> {
  const isolate = await bareIsolateCalls(seconds);
  const { stdout } = await promisify(execFile)("/usr/bin/python3", ["-I", beside("fork.py"), String(seconds)]);
  return {
    expressRoute: await bareExpressRoute(seconds),
    grpcStreamOf1: await bareGrpcStreams(1, seconds),
    grpcStreamOf20: await bareGrpcStreams(20, seconds),
    isolateWarm: isolate.warm,
    isolateFresh: isolate.fresh,
    fork: Number(stdout),
  };
}

const body = (): string => JSON.stringify({ data: "192.0.2.1" });

export async function bareExpressRoute(seconds: number): Promise<number> {
  const child = fork(beside("express-route.ts"));
  const [port] = (await once(child, "message")) as [number];
  const { perSecond } = await load({
    url: `http://127.0.0.1:${port}/`,
    seconds,
    connections: 32,
    method: "POST",
    body,
  });
  child.disconnect();
  return perSecond;
}
