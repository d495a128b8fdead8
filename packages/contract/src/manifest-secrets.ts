import type { SourceManifest } from "./manifest.ts";
import { nearestName } from "./nearest-name.ts";
import type { CodeDiagnostic, ManifestDiagnostic } from "./sources.ts";

const use = /\bsecrets(?:\??\.|\[\s*["'`])([A-Za-z_]\w*)/g;

/** Secrets that the code uses and the manifest has no slot for, and slots that the code never names. Warnings only. */
export function secretDiagnostics(
  { secrets }: Pick<SourceManifest, "secrets">,
  positionOf: (path: readonly PropertyKey[]) => { line: number; column: number },
  code: string,
): { readonly code: CodeDiagnostic[]; readonly manifest: ManifestDiagnostic[] } {
  const names = secrets.map(({ name }) => name);
  const undeclared = [...code.matchAll(use)].flatMap((match): CodeDiagnostic[] => {
    const [whole, name = ""] = match;
    if (names.includes(name) || !/^[A-Z]/.test(name)) return [];
    const nearest = nearestName(name, names);
    const advice = nearest === undefined ? "Add a slot of this name there." : `Did you mean "${nearest}"?`;
    const before = code.slice(0, match.index + whole.length - name.length);
    const column = before.length - before.lastIndexOf("\n");
    const message = `"${name}" is not among the manifest's secrets. ${advice}`;
    return [{ severity: "warning", message, line: before.split("\n").length, column }];
  });
  const unused = names.flatMap((name, at): ManifestDiagnostic[] => {
    if (code.includes(name)) return [];
    const message = `"${name}" is not in the code. Remove the slot, or use it.`;
    return [{ severity: "warning", field: `secrets.${at}`, message, ...positionOf(["secrets", at]) }];
  });
  return { code: undeclared, manifest: unused };
}
