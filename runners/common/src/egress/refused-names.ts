const neverNames = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
]);
const localSuffixes = [".internal", ".local", ".localhost"];

/** "never": a cloud's metadata service. "local": a name of the machine or its network, which the operator can open. */
export function classifyName(host: string): "public" | "local" | "never" {
  if (neverNames.has(host)) return "never";
  return localSuffixes.some((suffix) => `.${host}`.endsWith(suffix)) ? "local" : "public";
}
