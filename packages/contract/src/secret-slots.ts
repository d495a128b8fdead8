import { z } from "zod";
import { HostPattern } from "./host-pattern.ts";
import { QuotaWindows } from "./quotas.ts";

/**
 * Whether the broker can take a host pattern for HTTP. What it cannot take (a wrong port, a name that no URL can have) would make it
 * refuse a whole lookup, not only the one secret.
 */
function isSendable(pattern: string): boolean {
  if (pattern === "*") return true;
  const isSuffix = pattern.startsWith("*.");
  const name = isSuffix ? pattern.slice(2) : pattern;
  if (pattern.startsWith("dns:") || (isSuffix && name.includes(":")) || !URL.canParse(`https://${name}`)) return false;
  const { hostname } = new URL(`https://${name}`);
  return hostname.length <= 253 && hostname === name.split(":", 1)[0] && !(isSuffix && /^[\d.]+$/.test(hostname));
}

/** Where a secret may be sent: as the hosts of a source, without name lookups, which carry no secret. */
export const SecretHost = HostPattern.refine(isSendable, {
  error: 'must be a host for HTTP, such as "api.example.com", "api.example.com:8443" or "*.example.com"',
});

/** A place in a source for a secret; the code knows the secret by this name only. */
export const SecretSlot = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,59}$/, 'must be capital letters, digits and underscores, such as "EXAMPLE_KEY"'),
  required: z.boolean().default(true).meta({ description: "Without a usable secret the source is not asked" }),
  hosts: z
    .array(SecretHost)
    .min(1)
    .max(20)
    .meta({ description: "Where the secret may be sent; all among the source's hosts" }),
  exposed: z.boolean().default(false).meta({
    description:
      "The code gets the value itself, to compute with it; otherwise it gets a placeholder that is replaced on the way out",
  }),
  quota: QuotaWindows.optional().meta({
    description: "What the provider's smallest plan allows a key; holds for secrets without a quota of their own",
  }),
  title: z.string().max(120).optional(),
  description: z.string().max(1000).optional(),
});
export type SecretSlot = z.infer<typeof SecretSlot>;

export const SecretSlots = z.array(SecretSlot).max(20);

/**
 * The hosts that both lists name, in the words of `HostPattern`. A pattern without a port stands for the usual ports only, so
 * `*` and `*.suffix` hold no host with a port of its own; what cannot be a host for HTTP is left out.
 */
export function intersectHosts(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set(first.flatMap((a) => second.flatMap((b) => narrower(a, b) ?? [])))].filter(isSendable);
}

/** What is wrong with slots beside their shape: names that are taken twice, hosts that the source itself may not reach. */
export function secretSlotProblems(
  slots: readonly SecretSlot[],
  hosts: readonly string[],
): { path: (string | number)[]; message: string }[] {
  return slots.flatMap((slot, index) => [
    ...(slots.findIndex(({ name }) => name === slot.name) === index
      ? []
      : [{ path: [index, "name"], message: `is ${slot.name}, which another slot has already` }]),
    ...slot.hosts.flatMap((host, at) =>
      hosts.some((outer) => narrower(outer, host) === host)
        ? []
        : [{ path: [index, "hosts", at], message: `is ${host}, which is not among the hosts of the source` }],
    ),
  ]);
}

function narrower(a: string, b: string): string | null {
  if (a.startsWith("dns:") || b.startsWith("dns:")) return null;
  if (a === b || holds(a, b)) return b;
  return holds(b, a) ? a : null;
}

function holds(outer: string, inner: string): boolean {
  if (inner.includes(":")) return false;
  if (outer === "*") return true;
  return outer.startsWith("*.") && inner.endsWith(outer.slice(1)) && inner !== outer;
}
