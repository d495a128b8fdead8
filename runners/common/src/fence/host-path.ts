import type { FenceSpec } from "./fence-spec.ts";

/** A path inside as this machine knows it, for tiers that cannot give paths other names; what is no path of the spec stays as it is. */
export function hostPath(spec: FenceSpec, path: string, readable = (host: string): string => host): string {
  const bound = spec.readOnlyPaths.find(({ inside }) => path === inside || path.startsWith(`${inside}/`));
  return bound === undefined ? path : readable(bound.host) + path.slice(bound.inside.length);
}
