import ipaddr from "ipaddr.js";
import { defangColons, defangDots } from "../defang-marks.ts";
import { type KindRule, right, wrong } from "../kind-rule.ts";
import { parseIp, parseIpv4 } from "./ip.ts";

/** The length of the prefix, from "24" or, for IPv4, from a mask such as "255.255.255.0"; null where it is neither. */
function readPrefixLength(text: string, isIpv6: boolean): number | null {
  if (!isIpv6 && text.includes("."))
    return parseIpv4(text).ok ? ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() : null;
  if (!/^\d{1,3}$/.test(text)) return null;
  const bits = Number(text);
  return bits <= (isIpv6 ? 128 : 32) ? bits : null;
}

/**
 * Host bits are set to zero: who writes 10.1.2.3/8 means the network that holds the address, and one network must have
 * one spelling. A bare address is the network of that one address.
 */
export const cidrRule: KindRule = {
  parse: (text) => {
    const slash = text.indexOf("/");
    const base = parseIp(slash < 0 ? text : text.slice(0, slash));
    if (!base.ok) return base;
    const isIpv6 = base.data.includes(":");
    const length = slash < 0 ? (isIpv6 ? 128 : 32) : readPrefixLength(text.slice(slash + 1), isIpv6);
    if (length === null) return wrong(`what follows the slash is not a prefix length from 0 to ${isIpv6 ? 128 : 32}`);
    const network = isIpv6
      ? ipaddr.IPv6.networkAddressFromCIDR(`${base.data}/${length}`).toRFC5952String()
      : ipaddr.IPv4.networkAddressFromCIDR(`${base.data}/${length}`).toString();
    return right(`${network}/${length}`);
  },
  recognises: (text) => text.includes("/") && cidrRule.parse(text).ok,
  defang: (data) => (data.includes(":") ? defangColons(data) : defangDots(data)),
};
