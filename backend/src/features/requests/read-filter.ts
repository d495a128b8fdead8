import type { RequestFilter } from "@assay/contract";
import { canonicalise, refang } from "@assay/indicators";
import { failValidation } from "../../problem-error.ts";

/** A filter as people write it, in the words of what is stored: lower case, canonical, no defanging. @throws ProblemError VALIDATION_FAILED */
export function readFilter(filter: RequestFilter): RequestFilter {
  const { domain, network, prefix } = filter;
  return {
    ...filter,
    ...(prefix === undefined ? {} : { prefix: refang(prefix) }),
    ...(domain === undefined ? {} : { domain: readDomain(domain) }),
    ...(network === undefined ? {} : { network: readNetwork(network) }),
  };
}

/** A name without the dot before it. One label alone is a top-level domain. */
function readDomain(text: string): string {
  const name = refang(text)
    .replace(/^\*?\./, "")
    .toLowerCase();
  if (/^[a-z0-9-]{1,63}$/.test(name)) return name;
  const read = canonicalise(name.endsWith(".onion") ? "ONION" : "DOMAIN", name);
  return read.ok ? read.data : wrong("domain", "is not a domain name; write one such as .example.com");
}

function readNetwork(text: string): string {
  const read = canonicalise("CIDR", text);
  return read.ok ? read.data : wrong("network", "is not a network; write one such as 192.0.2.0/24 or 2001:db8::/32");
}

function wrong(field: string, message: string): never {
  return failValidation([{ field: `query.${field}`, message }]);
}
