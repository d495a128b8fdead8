import { timingSafeEqual } from "node:crypto";
import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from "@grpc/grpc-js";

/**
 * Refuses calls without `authorization: Bearer <token>`, before their message is read. Health checks are open to everybody:
 * they say whether the runner is up and nothing else.
 */
export function requireToken(token: string): ServerInterceptor {
  const expected = Buffer.from(`Bearer ${token}`);

  function isAllowed(metadata: Metadata): boolean {
    const [given] = metadata.get("authorization");
    if (typeof given !== "string") return false;
    const bytes = Buffer.from(given);
    // How long the token is may be known; what it is takes no less time to find out for being nearly right.
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  }

  return (method, call) => {
    if (method.path.startsWith("/grpc.health.v1.Health/")) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, nextMetadata) {
            if (isAllowed(metadata)) return nextMetadata(metadata);
            const details = "The runner's token is missing or wrong: give both sides the same ASSAY_RUNNER_TOKEN.";
            call.sendStatus({ code: status.UNAUTHENTICATED, details, metadata: new Metadata() });
          },
        });
      },
    });
  };
}
