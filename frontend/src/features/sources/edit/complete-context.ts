import type { Completion, CompletionSource } from "@codemirror/autocomplete";
import type { Language, SourceManifest } from "@assay/contract";
import { type Member, membersOf } from "./context-members.ts";

type Known = Pick<SourceManifest, "config" | "secrets">;

const typeOfPath: Readonly<Record<string, string>> = {
  context: "Context",
  indicator: "Indicator",
  "context.http": "Http",
  "context.log": "Log",
  "context.dns": "Dns",
};

/** Offers what may stand after `context.` and `indicator.`; of settings and secrets those that the manifest has. */
export function completeContext(language: Language, known: () => Known | undefined): CompletionSource {
  return (context) => {
    const match = context.matchBefore(/\b(?:context|indicator)(?:\.\w+)?(?:\.|\[["'])\w*/);
    if (match === null) return null;
    const [, path = "", bracket = ".", word = ""] = /^(.*?)(\.|\[["'])(\w*)$/.exec(match.text) ?? [];
    const options = optionsOf(language, path, bracket !== ".", known());
    return options.length === 0 ? null : { from: match.to - word.length, options, validFor: /^\w*$/ };
  };
}

function optionsOf(language: Language, path: string, isIndexed: boolean, known: Known | undefined): Completion[] {
  if (path === "context.config") {
    if (language === "PYTHON" && !isIndexed) return [];
    return Object.entries(known?.config ?? {}).map(([label, { type, title }]) => option(label, type, title));
  }
  if (path === "context.secrets") {
    return (known?.secrets ?? []).map(({ name, required, title }) =>
      option(name, required ? "secret" : "secret, optional", title),
    );
  }
  if (isIndexed) return [];
  return (membersOf[language].get(typeOfPath[path] ?? "") ?? []).map(memberOption);
}

function option(label: string, detail: string, info: string | undefined): Completion {
  return { label, detail, type: "property", ...(info !== undefined && { info }) };
}

function memberOption({ name, type, isMethod, info }: Member): Completion {
  return { label: name, detail: type, type: isMethod ? "method" : "property", ...(info !== "" && { info }) };
}
