import {
  status,
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
} from "@grpc/grpc-js";
import { HealthService, type HealthCheckRequest, type HealthCheckResponse, type ServingStatus } from "@assay/proto";

export interface Health {
  readonly set: (serving: "SERVING" | "NOT_SERVING") => void;
}

type Check = ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>;
type Watch = ServerWritableStream<HealthCheckRequest, HealthCheckResponse>;

const services = new Set(["", "assay.runner.v1.Runner"]);

/** Adds the standard health service. It says NOT_SERVING until told otherwise. */
export function addHealthService(server: Server): Health {
  let serving: ServingStatus = "NOT_SERVING";
  const watchers = new Set<Watch>();
  server.addService(HealthService, {
    Check(call: Check, callback: sendUnaryData<HealthCheckResponse>) {
      if (services.has(call.request.service)) return callback(null, { status: serving });
      callback({
        code: status.NOT_FOUND,
        details: `There is no service "${call.request.service.slice(0, 100)}" here.`,
      });
    },
    Watch(call: Watch) {
      if (!services.has(call.request.service)) {
        call.write({ status: "SERVICE_UNKNOWN" });
        return;
      }
      call.write({ status: serving });
      watchers.add(call);
      call.once("cancelled", () => {
        watchers.delete(call);
        call.end();
      });
    },
  });
  return {
    set(next) {
      serving = next;
      for (const watcher of watchers) watcher.write({ status: serving });
    },
  };
}
