/** Four numbers that may be an IPv4 address, and any that follow: the last four of five are one, too. */
const addresses = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3,}(?!\d)/g;
/** A dot as it stands within a name, in any of the forms that browsers take for one. */
const nameDots = /(?<=[\p{L}\p{N}\p{M}_-])[.。．｡](?=[\p{L}\p{M}_])/gu;
const atMarks = /(?<=[^\s[])@(?=[^\s\]])/gu;
const schemes = /\b(h)tt(ps?)(?=\W)/giu;
/** Schemes that lead somewhere without a host. */
const bareSchemes = /(mailto|javascript|vbscript|\b(?:data|file|tel|sms)(?=:\S)):/giu;

/**
 * Any text, so that no mail or ticket system makes a link of anything in it: `https://evil.example` becomes `hxxps[://]evil[.]example`.
 * Numbers such as 3.5 stay as they are.
 */
export function defangText(text: string): string {
  return text
    .replaceAll(/(?<!\[):\/\//g, "[://]")
    .replace(schemes, "$1xx$2")
    .replace(bareSchemes, "$1[:]")
    .replace(addresses, (numbers) => numbers.replaceAll(".", "[.]"))
    .replace(nameDots, "[.]")
    .replace(atMarks, "[@]");
}
