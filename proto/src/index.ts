export { Metadata } from "@grpc/grpc-js";
export type * from "./messages.ts";
export {
  createRunnerClient,
  messageBytesMax,
  type RunnerCallOptions,
  type RunnerClient,
  type RunnerClientOptions,
} from "./runner-client.ts";
export { HealthService, RunnerService } from "./services.ts";
