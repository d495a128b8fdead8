import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import type { DnsExchange } from "./fixture.ts";

const typeNumbers = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, CAA: 257 } as const;
const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

export interface ReplayDnsServer {
  /** "127.0.0.1:port" */
  readonly address: string;
  close(): Promise<void>;
}

/** A DNS server on loopback that says what the exchanges of the moment say: names none of them knows do not exist. */
export async function startDnsServer(exchanges: () => readonly DnsExchange[]): Promise<ReplayDnsServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, end } = readName(query);
    const known = exchanges().filter((exchange) => exchange.dns === name);
    const asked = known.find((exchange) => typeNumbers[exchange.type] === query.readUInt16BE(end));
    const rcode = asked?.rcode ?? (known.length > 0 ? "NOERROR" : "NXDOMAIN");
    const records = asked?.records ?? [];
    const header = Buffer.from([0, 0, 0x81, 0x80 + rcodes[rcode], 0, 1, 0, records.length, 0, 0, 0, 0]);
    query.copy(header, 0, 0, 2);
    const answers = records.map((record) => encodeRecord(asked?.type ?? "A", record));
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readName(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function encodeRecord(type: DnsExchange["type"], record: string): Buffer {
  const data = encodeData(type, record);
  const fixed = Buffer.alloc(12);
  // The owner is the name asked for: a pointer to it.
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(typeNumbers[type], 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(60, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function encodeText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}

function encodeName(name: string): Buffer {
  return Buffer.concat([...name.split(".").filter(Boolean).map(encodeText), Buffer.from([0])]);
}

function encodeAddress(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(zeros).fill("0"), ...groups(tail ?? "")];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function encodeData(type: DnsExchange["type"], record: string): Buffer {
  const words = record.split(" ");
  const number = Buffer.alloc(2);
  switch (type) {
    case "A":
    case "AAAA":
      return encodeAddress(record);
    case "NS":
    case "CNAME":
    case "PTR":
      return encodeName(record);
    case "TXT":
      return Buffer.concat((record.match(/.{1,255}/gs) ?? [""]).map(encodeText));
    case "MX":
      number.writeUInt16BE(Number(words[0]));
      return Buffer.concat([number, encodeName(words[1] ?? "")]);
    case "CAA":
      return Buffer.concat([Buffer.from([Number(words[0])]), encodeText(words[1] ?? ""), Buffer.from(words[2] ?? "")]);
    case "SOA": {
      const numbers = Buffer.alloc(20);
      for (const [i, word] of words.slice(2).entries()) numbers.writeUInt32BE(Number(word), i * 4);
      return Buffer.concat([encodeName(words[0] ?? ""), encodeName(words[1] ?? ""), numbers]);
    }
  }
}
