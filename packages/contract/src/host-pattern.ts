import { z } from "zod";

/** `host`, `host:port`, `*.suffix`, `*` (any public host), or for name lookups `dns:name`, `dns:*.suffix`, `dns:*`. */
export const HostPattern = z
  .string()
  .max(260)
  .regex(
    /^(dns:)?(\*|(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*(:[1-9][0-9]{0,4})?)$/,
    'must be a host in lower case ("api.example.com"), with a port, "*.example.com", "*" for any public host, or one of these after "dns:" for name lookups',
  )
  .refine((text) => !text.startsWith("dns:") || !/:\d+$/.test(text), "must have no port: name lookups have none")
  .refine((text) => !text.startsWith("*.") || !/:\d+$/.test(text), "must have no port after a suffix; name the host")
  .refine((text) => Number(/:(\d+)$/.exec(text)?.[1] ?? 1) <= 65_535, "must have a port from 1 to 65535");
