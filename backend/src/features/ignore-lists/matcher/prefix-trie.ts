/** An address or a network as bits. */
export interface Prefix {
  readonly family: 4 | 6;
  /** 32 bits each, unsigned, the first bits first: one word of IPv4, four of IPv6. */
  readonly words: readonly number[];
  /** Bits that count. */
  readonly length: number;
}

/** Reads an address or a network in canonical form; null where the text is neither. */
export function readPrefix(text: string): Prefix | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = address.includes(":") ? 6 : 4;
  const words = family === 6 ? ipv6Words(address) : ipv4Words(address);
  if (words === null) return null;
  const most = family === 6 ? 128 : 32;
  const length = slash < 0 ? most : Number(text.slice(slash + 1));
  return Number.isInteger(length) && length >= 0 && length <= most ? { family, words, length } : null;
}

function ipv4Words(text: string): number[] | null {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!octets || octets.some((octet) => octet > 255)) return null;
  return [octets.reduce((word, octet) => word * 256 + octet, 0)];
}

function ipv6Words(text: string): number[] | null {
  if (!/^[0-9a-f:]+$/.test(text)) return null;
  const [head = "", tail, ...more] = text.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const [front, back] = [groups(head), groups(tail ?? "")];
  const missing = 8 - front.length - back.length;
  if (more.length > 0 || missing < 0 || (tail === undefined && missing > 0)) return null;
  const all = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  return [0, 2, 4, 6].map((at) => (all[at] ?? 0) * 65_536 + (all[at + 1] ?? 0));
}

export interface PrefixTrie {
  /** Puts `id` in front of the chain at the network; returns what stood there, -1 for nothing. */
  add(prefix: Prefix, id: number): number;
  /** Calls `found` with the head of the chain of every network that holds all of the prefix, the widest first. */
  match(prefix: Prefix, found: (id: number) => void): void;
}

/** A binary trie in flat arrays: a search costs a step per bit, however many networks there are. */
export function createPrefixTrie(): PrefixTrie {
  // Node 0 is the root of IPv4, node 1 of IPv6; 0 as a child is none.
  let children = new Uint32Array(2 * 1024);
  let heads = new Int32Array(1024).fill(-1);
  let count = 2;
  const grow = (): void => {
    const [moreChildren, moreHeads] = [new Uint32Array(children.length * 2), new Int32Array(heads.length * 2).fill(-1)];
    moreChildren.set(children);
    moreHeads.set(heads);
    [children, heads] = [moreChildren, moreHeads];
  };
  const bitAt = (words: readonly number[], at: number): number => ((words[at >>> 5] ?? 0) >>> (31 - (at & 31))) & 1;
  return {
    add({ family, words, length }, id) {
      let node = family === 4 ? 0 : 1;
      for (let at = 0; at < length; at++) {
        const slot = node * 2 + bitAt(words, at);
        if (children[slot] === 0) {
          if (count === heads.length) grow();
          children[slot] = count++;
        }
        node = children[slot] ?? 0;
      }
      const before = heads[node] ?? -1;
      heads[node] = id;
      return before;
    },
    match({ family, words, length }, found) {
      let node = family === 4 ? 0 : 1;
      for (let at = 0; ; at++) {
        const head = heads[node] ?? -1;
        if (head >= 0) found(head);
        if (at === length) return;
        node = children[node * 2 + bitAt(words, at)] ?? 0;
        if (node === 0) return;
      }
    },
  };
}
