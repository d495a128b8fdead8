import { createHash, hash } from "node:crypto";
import type { IndicatorKind } from "@assay/contract";

/** What of a source changes its answers, besides its secrets: which of them is used is not known before it is asked. */
export interface CacheableSource {
  readonly snapshot: { readonly id: string };
  readonly language: string;
  readonly codeHash: string;
  readonly configJson: string;
  readonly hosts: readonly string[];
}

/** An indicator in canonical form, as the source is asked about it. */
export interface AskedIndicator {
  readonly kind: IndicatorKind;
  readonly data: string;
}

/** Names one answer of the cache. No text of the source or of the indicator is in it. */
export interface CacheKey {
  readonly sourceId: string;
  /** SHA-256 over the source's code, settings and hosts and the indicator, in base64url. */
  readonly digest: string;
  /** SHA-256 over the indicator alone. */
  readonly indicatorDigest: string;
}

/** Changes with every change of what is stored, so that nothing of another version is read. */
const format = "2";
const fingerprints = new WeakMap<CacheableSource, string>();

export function cacheKeyOf(source: CacheableSource, { kind, data }: AskedIndicator): CacheKey {
  const indicator = `${kind}\n${data}`;
  return {
    sourceId: source.snapshot.id,
    digest: hash("sha256", `${fingerprintOf(source)}\n${indicator}`, "base64url"),
    // Few ask for it.
    get indicatorDigest() {
      return hash("sha256", indicator, "base64url");
    },
  };
}

/** Settings go by their values, whatever their order; so do hosts. */
function fingerprintOf(source: CacheableSource): string {
  const known = fingerprints.get(source);
  if (known !== undefined) return known;
  const { snapshot, language, codeHash, configJson, hosts } = source;
  const config = Object.entries(JSON.parse(configJson) as object).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [format, snapshot.id, language, codeHash, config, [...new Set(hosts)].toSorted()];
  const fingerprint = createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
  fingerprints.set(source, fingerprint);
  return fingerprint;
}
