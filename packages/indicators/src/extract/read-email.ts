import { kindRules } from "../kind-rules.ts";
import { hasKnownSuffix, parseDomain } from "../kinds/domain.ts";
import { isWord } from "./characters.ts";
import { isDefanged, type Scan } from "./finding.ts";
import type { Span } from "./spans.ts";

/** RFC 5321: a mailbox has 64 octets at the most. */
const mailboxCharsMax = 64;

/**
 * Reads the domain behind an "@" together with the mailbox before it. Of the characters that a mailbox may have, those
 * are taken that people's have: "to=a@b.example" is not from the mailbox "to=a". False where there is no mailbox.
 */
export function readEmail(scan: Scan, domain: Span): boolean {
  const { text } = scan.normal;
  const at = domain.start - 1;
  let start = at;
  while (
    start > 0 &&
    at - start <= mailboxCharsMax &&
    (isWord(text, start - 1) || /[._%+'-]/.test(text[start - 1] ?? ""))
  )
    start--;
  scan.work += at - start;
  while (start < at && /[.'%-]/.test(text[start] ?? "")) start++;
  if (start === at) return false;
  const end = domain.end;
  const name = parseDomain(text.slice(domain.start, end));
  const parsed = kindRules.EMAIL.parse(text.slice(start, end));
  if (!parsed.ok || !name.ok) {
    scan.rejected.push({ start, end, reason: `it is not a valid e-mail address: ${parsed.ok ? "" : parsed.wrong}` });
    return true;
  }
  const isKnown = hasKnownSuffix(name.data);
  if (!isKnown && !isDefanged(scan, start, end)) {
    scan.rejected.push({
      start,
      end,
      reason: `.${name.data.slice(name.data.lastIndexOf(".") + 1)} is not a top-level domain`,
    });
    return true;
  }
  // "git@host.example:path" is how programs write where a repository is.
  const isRemote = text[end] === ":" && isWord(text, end + 1);
  scan.found.push({
    start,
    end,
    kind: "EMAIL",
    data: parsed.data,
    confidence: !isKnown || isRemote ? "low" : "high",
    ...(isRemote && { note: "it may be the user and host of a remote path" }),
    ...(!isKnown && { note: "its top-level domain is not known" }),
  });
  return true;
}
