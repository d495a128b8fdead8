import { defangColons, defangDots } from "../defang-marks.ts";
import { type KindRule, right, wrong } from "../kind-rule.ts";
import { parseIpv4, parseIpv6 } from "./ip.ts";

/** A port from 1 to 65535 in decimal, or null. */
export function parsePort(text: string): number | null {
  if (!/^\d{1,6}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : null;
}

export const ipPortRule: KindRule = {
  parse: (text) => {
    const colon = text.lastIndexOf(":");
    if (colon < 0) return wrong("it has no port");
    const port = parsePort(text.slice(colon + 1));
    if (port === null) return wrong("what follows the last colon is not a port from 1 to 65535");
    const host = text.slice(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      const address = parseIpv6(host);
      return address.ok ? right(`[${address.data}]:${port}`) : address;
    }
    if (host.includes(":")) return wrong("an IPv6 address with a port needs square brackets around the address");
    const address = parseIpv4(host);
    return address.ok ? right(`${address.data}:${port}`) : address;
  },
  defang: (data) => {
    if (!data.startsWith("[")) return defangDots(data);
    const end = data.lastIndexOf("]");
    return `[${defangColons(data.slice(1, end))}${data.slice(end)}`;
  },
};
