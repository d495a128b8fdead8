import { createHash, timingSafeEqual } from "node:crypto";
import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from "@grpc/grpc-js";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Refuses calls without `authorization: Bearer <token>`, before their message is read. Health checks are open to everybody:
 * they say whether the runner is up and nothing else.
 */
export function requireToken(token: string): ServerInterceptor {
  const expected = digest(`Bearer ${token}`);

  function isAllowed(metadata: Metadata): boolean {
    const [given] = metadata.get("authorization");
    // Digests have one length, so the comparison tells nothing about the token's.
    return typeof given === "string" && timingSafeEqual(digest(given), expected);
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
