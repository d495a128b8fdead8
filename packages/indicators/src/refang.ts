import { trimInvisible } from "./trim-invisible.ts";

const separator =
  /^(h[tx*_]{2}ps?|fxps?|[a-z][a-z0-9+-]{0,30})(:\/\/|\[:\/\/\]|\(:\/\/\)|\[:\]\/\/|:\[\/\/\]|\[:\]\[\/\]\[\/\]|:\[\/\]\[\/\]|:\\\/\\\/|:\\\\)/i;
const atMark = /\[@\]|\(@\)|\{@\}|\[at\]|\(at\)|\{at\}|@/gi;
const hostMarks = /\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}|\[:\]|\[\.|\.\]|\\\./gi;
// Braces are letters of a mailbox, so they mark nothing there.
const mailboxMarks = /\[\.\]|\(\.\)|\[dot\]|\(dot\)|\[\.|\.\]/gi;
/** Neither has a mark nor can be part of one. */
const plain = /^[\w.-]*$/;
const registryHive = /^HK(?:EY_|LM|CU|CR|U|CC)/i;

function refangHost(host: string): string {
  return host.replace(hostMarks, (mark) => (mark === "[:]" ? ":" : "."));
}

/** Where host (and user) end. A backslash before a dot is a way to defang, not an end. */
function splitAtRest(text: string): { authority: string; rest: string } {
  const authority = /^(?:[^/?#\\]|\\\.)*/.exec(text)?.[0] ?? "";
  return { authority, rest: text.slice(authority.length) };
}

function splitAtUser(authority: string): { user: string; host: string } {
  const at = authority.lastIndexOf("@");
  if (at < 0) return { user: "", host: authority };
  const isMarked = authority[at - 1] === "[" && authority[at + 1] === "]";
  return isMarked
    ? { user: `${authority.slice(0, at - 1)}@`, host: authority.slice(at + 2) }
    : { user: authority.slice(0, at + 1), host: authority.slice(at + 1) };
}

function refangScheme(scheme: string): string {
  const lower = scheme.toLowerCase();
  if (/^h[tx*_]{2}ps?$/.test(lower)) return lower.endsWith("s") ? "https" : "http";
  return lower.startsWith("fxp") ? lower.replace("fxp", "ftp") : scheme;
}

/** Outside the host only "[.]" is undone, and only where scheme or host were defanged too: there it may be part of the path. */
function refangAddress(prefix: string, body: string, isPrefixDefanged: boolean): string {
  const { authority, rest } = splitAtRest(body);
  const { user, host } = splitAtUser(authority);
  const bareHost = refangHost(host);
  if (!isPrefixDefanged && bareHost === host) return prefix + user + host + rest;
  return prefix + user.replaceAll("[.]", ".") + bareHost + rest.replaceAll("[.]", ".");
}

/** The mailbox and the domain around the last at sign, where what follows it is nothing but a host. */
function refangEmail(text: string): string | null {
  const at = [...text.matchAll(atMark)].at(-1);
  if (at === undefined) return null;
  const domain = refangHost(text.slice(at.index + at[0].length));
  if (/[/?#\\:\s]/.test(domain)) return null;
  return `${text.slice(0, at.index).replace(mailboxMarks, ".")}@${domain}`;
}

/**
 * Undoes what people write so that nobody clicks: hxxp, [.], (dot), [@], [://] and their kin, in ONE indicator.
 * Gives back, trimmed, whatever has no such marks. `refang(defang(kind, data))` is `data` for every kind.
 */
export function refang(text: string): string {
  const bare = trimInvisible(text);
  if (plain.test(bare) || registryHive.test(bare)) return bare;
  const match = separator.exec(bare);
  if (match === null) return refangEmail(bare) ?? refangAddress("", bare, false);
  const [whole, scheme = "", mark = ""] = match;
  const bareScheme = refangScheme(scheme);
  const isDefanged = (bareScheme !== scheme && !/^http/i.test(scheme)) || mark !== "://";
  return refangAddress(`${bareScheme}://`, bare.slice(whole.length), isDefanged);
}
