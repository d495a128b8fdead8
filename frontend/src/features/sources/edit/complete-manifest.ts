import type { CompletionSource } from "@codemirror/autocomplete";
import { Exposure, type Provider, Reliability, SourceManifest, StripPart, Tlp } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import { exposureWords, reliabilityWords, stripWords } from "../source-words.ts";

const keyWords: Readonly<Record<string, string>> = {
  name: "For people",
  description: "What it tells, for people",
  provider: "Who runs the upstream",
  language: "javascript, typescript or python",
  indicators: "The kinds that it takes",
  exposure: "What asking gives away",
  reliability: "Admiralty scale, A to F",
  maxTlp: "The highest TLP it may be asked under; by exposure when left out",
  strip: "What is taken out of an indicator before it gets it",
  hosts: "All that it may reach",
  secrets: "Slots for keys: name, hosts, required, exposed",
  config: "Settings: type, title, default, limits",
  timeout: 'Such as "10s"',
  cache: "How long answers are kept: found, notFound, failed, stale; by exposure when left out",
  tags: "For finding it",
  url: "The upstream’s documentation",
};

/** Offers the keys of a manifest, and for those with a list of words the words. */
export function completeManifest(providers: readonly Provider[]): CompletionSource {
  const values: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    provider: providers.map(({ slug, name }) => [slug, name]),
    language: SourceManifest.shape.language.options.map((word) => [word, ""]),
    indicators: indicatorKinds.map(({ kind, label }) => [kind, label]),
    exposure: Exposure.options.map((word) => [word, exposureWords[word]]),
    reliability: Reliability.options.map((word) => [word, reliabilityWords[word]]),
    maxTlp: Tlp.options.map((word) => [word, ""]),
    strip: StripPart.options.map((part) => [part, stripWords[part]]),
  };
  return (context) => {
    const key = context.matchBefore(/^[a-zA-Z]*/);
    if (key !== null && (key.text !== "" || context.explicit)) {
      const options = Object.keys(SourceManifest.shape).map((name) => ({
        label: name,
        detail: keyWords[name] ?? "",
        apply: `${name}: `,
      }));
      return { from: key.from, options, validFor: /^\w*$/ };
    }
    const word = context.matchBefore(/[\w-]*/);
    const line = context.state.doc.lineAt(context.pos);
    const name = keyOf(line.text) ?? listKeyAbove(context.state.sliceDoc(0, line.from));
    const options = (values[name ?? ""] ?? []).map(([label, detail]) => ({ label, detail }));
    if (word === null || options.length === 0) return null;
    return { from: word.from, options, validFor: /^[\w-]*$/ };
  };
}

function keyOf(line: string): string | null {
  return /^(\w+):\s/.exec(line)?.[1] ?? null;
}

/** The key whose list, an item a line, goes on at the end of the text. */
function listKeyAbove(before: string): string | null {
  return /(?:^|\n)(\w+):\s*\n(?:\s*-\s.*\n)*$/.exec(before)?.[1] ?? null;
}
