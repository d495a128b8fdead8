import { hasKnownSuffix } from "../kinds/domain.ts";
import { ambiguousExtensions, fileExtensions } from "./file-extensions.ts";
import type { Confidence } from "./finding.ts";

/** What a name with dots in a text is: a domain, more or less surely, or what else it is. */
export type Judgement =
  | { readonly is: "domain"; readonly confidence: Confidence; readonly note?: string }
  | { readonly is: "other"; readonly reason: string }
  /** Nothing that anybody would take for a domain. */
  | { readonly is: "nothing" };

/** Where the name stands. */
export interface Surroundings {
  readonly isDefanged: boolean;
  readonly before: string;
  readonly after: string;
}

/** Names of products, not of hosts. */
const products = new Set(["asp.net", "ado.net", "vb.net", "ml.net", "paint.net", "socket.io", "draw.io"]);
/** What names of packages begin with; ending in one of the common suffixes, they are taken for hosts all the same. */
const packageRoots = new Set(["com", "org", "net", "io", "edu", "gov", "java", "javax", "android", "androidx", "dev"]);
const commonSuffixes = new Set(["com", "net", "org", "info", "edu", "gov"]);
/** Properties and methods of program text that are top-level domains, too. */
const memberNames = new Set(
  "call click link data name map open search select show style total watch zone date events id is in it to my me at be by do so no map now build import run read here page group channel".split(
    " ",
  ),
);

function sentenceBreak(labels: readonly string[]): boolean {
  const [before, after] = [labels.at(-2) ?? "", labels.at(-1) ?? ""];
  return /^\p{Lu}\p{Ll}+$/u.test(after) && /\p{Ll}$/u.test(before) && labels.length === 2;
}

/** Judges a syntactically right name by its last label, its spelling and what stands around it; `text` is as it was written. */
export function judgeDomain(text: string, data: string, { isDefanged, before, after }: Surroundings): Judgement {
  const labels = text.split(".");
  const last = data.slice(data.lastIndexOf(".") + 1);
  const isKnown = hasKnownSuffix(data);
  if (!isKnown && fileExtensions.has(last) && !isDefanged)
    return { is: "other", reason: `it is the name of a file: .${last} is not a top-level domain` };
  if (!isKnown && packageRoots.has(labels[0] ?? "") && labels.length > 2)
    return { is: "other", reason: "it is the name of a package" };
  if (!isKnown) {
    if (isDefanged) return { is: "domain", confidence: "low", note: `.${last} is not a known top-level domain` };
    return /^[a-z]{2,}$/.test(last) && labels.every((label) => label.length > 1)
      ? { is: "other", reason: `.${last} is not a top-level domain` }
      : { is: "nothing" };
  }
  if (isDefanged) return { is: "domain", confidence: "high" };
  if (after === "(") return { is: "other", reason: "a bracket follows: it is the name of a function" };
  if (products.has(data)) return { is: "other", reason: "it is the name of a product" };
  if (sentenceBreak(labels)) return { is: "other", reason: "it is two sentences without a space between" };
  if (packageRoots.has(labels[0] ?? "") && labels.length > 2 && !commonSuffixes.has(last))
    return { is: "other", reason: "it is the name of a package" };
  if (before === "\\" || (before === "/" && (fileExtensions.has(last) || ambiguousExtensions.has(last))))
    return { is: "other", reason: "it is part of a path" };
  if (ambiguousExtensions.has(last))
    return { is: "domain", confidence: "low", note: `.${last} is also the ending of files` };
  if (before === "/") return { is: "domain", confidence: "low", note: "it may be part of a path" };
  if (memberNames.has(last) && labels.length === 2)
    return { is: "domain", confidence: "low", note: `.${last} is also a word` };
  if (labels.some((label) => label.startsWith("_")) || data.length < 5) return { is: "domain", confidence: "medium" };
  return { is: "domain", confidence: "high" };
}
