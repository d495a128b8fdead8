import { fileURLToPath } from "node:url";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The definition of one service of a .proto file of this package. Empty fields arrive as their defaults, enums as names. */
export function loadService<Definition>(protoPath: string, serviceName: string): Definition {
  const definitions = loadSync(protoPath, {
    includeDirs: [root],
    keepCase: false,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const service = definitions[serviceName];
  if (service === undefined || "format" in service) throw new Error(`${protoPath} has no service ${serviceName}.`);
  return service satisfies ServiceDefinition as Definition;
}
