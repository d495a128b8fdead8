import type { SourceManifest } from "./manifest.ts";
import type { CodeDiagnostic, ManifestDiagnostic } from "./sources.ts";

/** A call whose URL begins with letters that stand in the code. What is put together elsewhere is not known. */
const request =
  /(?:\bfetch|\burlopen|\bRequest|\.(?:get|post|put|patch|head|delete|request))\(\s*(?:["'](?:GET|POST|PUT|PATCH|HEAD|DELETE)["']\s*,\s*)?[rfb]{0,2}["'`](https?):\/\/([^/?#"'`\s\\]+)/g;

/** Whether the manifest lets the broker reach `host[:port]`, as far as that can be told from the letters. */
function isDeclared(hosts: readonly string[], protocol: string, authority: string): boolean {
  const [host = "", port = ""] = authority.toLowerCase().split(":");
  const isDefaultPort = port === "" || port === (protocol === "https" ? "443" : "80");
  return hosts.some((pattern) => {
    if (pattern.startsWith("dns:")) return false;
    if (pattern === "*") return isDefaultPort;
    if (pattern.startsWith("*.")) return isDefaultPort && host.endsWith(pattern.slice(1));
    return pattern === `${host}:${port}` || (isDefaultPort && pattern === host);
  });
}

function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/**
 * Hosts that the code asks and the manifest does not open, and hosts that the manifest opens and the code never names. Warnings
 * only: an address may be put together from pieces.
 */
export function hostDiagnostics(
  { hosts }: Pick<SourceManifest, "hosts">,
  positionOf: (path: readonly PropertyKey[]) => { line: number; column: number },
  code: string,
): { readonly code: CodeDiagnostic[]; readonly manifest: ManifestDiagnostic[] } {
  const undeclared = [...code.matchAll(request)].flatMap((match): CodeDiagnostic[] => {
    const [whole, protocol = "", authority = ""] = match;
    if (/[${}%]/.test(authority) || isDeclared(hosts, protocol, authority)) return [];
    const message = `"${authority}" is not in the manifest's hosts, so this request would be refused. Add it there.`;
    return [{ severity: "warning", message, ...positionIn(code, match.index + whole.length - authority.length) }];
  });
  const unused = hosts.flatMap((pattern, at): ManifestDiagnostic[] => {
    const name = pattern
      .replace(/^dns:/, "")
      .replace(/^\*\.?/, "")
      .replace(/:\d+$/, "");
    if (name === "" || code.toLowerCase().includes(name)) return [];
    const message = `"${pattern}" is not in the code. Remove it unless the code puts the name together from pieces.`;
    return [{ severity: "warning", field: `hosts.${at}`, message, ...positionOf(["hosts", at]) }];
  });
  return { code: undeclared, manifest: unused };
}
