import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/** What every TLS connection is held to, also that to a proxy. Throws when `caFile` cannot be read or holds no certificate. */
export function openSecureContext(caFile: string | undefined): SecureContext {
  if (caFile === undefined) return createSecureContext({ minVersion: "TLSv1.2" });
  const extra = readFileSync(caFile, "utf8");
  if (!extra.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error(`The CA file ${caFile} holds no PEM certificate.`);
  return createSecureContext({ minVersion: "TLSv1.2", ca: [...getCACertificates("default"), extra] });
}
