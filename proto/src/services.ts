import type { MethodDefinition } from "@grpc/grpc-js";
import { loadService } from "./load-service.ts";
import type {
  DeleteReply,
  DeleteRequest,
  DownloadReply,
  DownloadRequest,
  FetchDataEvent,
  FetchDataRequest,
  HealthCheckRequest,
  HealthCheckResponse,
  InitReply,
  InitRequest,
  UpdateReply,
  UpdateRequest,
} from "./messages.ts";

/** What a runner can be asked, for `Server.addService` and clients. */
export const RunnerService = loadService<{
  readonly Init: MethodDefinition<InitRequest, InitReply>;
  readonly Update: MethodDefinition<UpdateRequest, UpdateReply>;
  readonly Delete: MethodDefinition<DeleteRequest, DeleteReply>;
  readonly FetchData: MethodDefinition<FetchDataRequest, FetchDataEvent>;
  readonly Download: MethodDefinition<DownloadRequest, DownloadReply>;
}>("assay/runner/v1/runner.proto", "assay.runner.v1.Runner");

/** The standard health service of gRPC. */
export const HealthService = loadService<{
  readonly Check: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
  readonly Watch: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
}>("grpc/health/v1/health.proto", "grpc.health.v1.Health");
