import { defangDots } from "../defang-marks.ts";
import { type KindRule, right, wrong } from "../kind-rule.ts";
import { parseDomain } from "./domain.ts";

/** RFC 5322 atext, with the letters of all scripts that RFC 6532 adds. */
const mailboxShape = /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~.\u{a1}-\u{10ffff}]+$/u;

/** The domain in ASCII and lower case. The mailbox is kept: only its own server knows whether case matters. */
export const emailRule: KindRule = {
  parse: (text) => {
    const address = text.replace(/^mailto:/i, "");
    const at = address.lastIndexOf("@");
    if (at < 0) return wrong("it has no @");
    const mailbox = address.slice(0, at);
    if (mailbox === "") return wrong("nothing stands before the @");
    if (mailbox.length > 64) return wrong("what stands before the @ is longer than 64 characters");
    if (/\s/.test(mailbox) || !mailboxShape.test(mailbox) || !mailbox.isWellFormed())
      return wrong("what stands before the @ has characters that no mailbox has");
    if (mailbox.startsWith(".") || mailbox.endsWith(".") || mailbox.includes(".."))
      return wrong("dots in a mailbox stand between other characters");
    const domain = parseDomain(address.slice(at + 1));
    return domain.ok ? right(`${mailbox}@${domain.data}`) : wrong(`its domain is wrong: ${domain.wrong}`);
  },
  recognises: (text) =>
    (/^mailto:/i.test(text) || !/^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text)) && emailRule.parse(text).ok,
  defang: (data) => {
    const at = data.lastIndexOf("@");
    return `${defangDots(data.slice(0, at))}[@]${defangDots(data.slice(at + 1))}`;
  },
};
