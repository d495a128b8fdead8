import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { nanoid } from "nanoid";
import type { Origin } from "../context.ts";

const requestIdHeader = "x-request-id";
const requestIdPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,99}$/;

/** Gives the call an id: the caller's own where it is well-formed, else a new one. It is in the header from then on. */
export function nameCall(req: IncomingMessage): string {
  const given = req.headers[requestIdHeader];
  const id = typeof given === "string" && requestIdPattern.test(given) ? given : nanoid();
  req.headers[requestIdHeader] = id;
  return id;
}

export function requestIdOf(req: IncomingMessage): string {
  return String(req.headers[requestIdHeader]);
}

/** Tells where calls come from; `proxies` are the addresses and ranges whose word is taken for it, as they are at the time. */
export function createOriginOf(proxies: () => readonly string[]): (req: IncomingMessage) => Origin {
  let known: readonly string[] = [];
  let trusted = new BlockList();
  return (req) => {
    const now = proxies();
    if (now !== known) {
      known = now;
      trusted = blockListOf(now);
    }
    return {
      address: known.length === 0 ? socketAddress(req) : clientAddress(req, trusted),
      userAgent: req.headers["user-agent"] ?? null,
      requestId: requestIdOf(req),
    };
  };
}

/** From the nearest proxy outwards: the first address that is not a trusted proxy's, or the last that is an address at all. */
function clientAddress(req: IncomingMessage, trusted: BlockList): string {
  const forwarded = String(req.headers["x-forwarded-for"] ?? "").split(",");
  let address = socketAddress(req);
  while (trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")) {
    const next = forwarded.pop()?.trim() ?? "";
    const bare = /^\[([^\]]+)\](:\d+)?$/.exec(next)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(next)?.[1] ?? next;
    if (isIP(bare) === 0) break;
    address = bare;
  }
  return address;
}

/** An IPv4 address in its own form, whichever socket took it. */
function socketAddress(req: IncomingMessage): string {
  return (req.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
