/** Finds which of many texts another text holds, in one pass over it. */
export interface TextSearch {
  /** Calls `found` with the head of the chain of every pattern that occurs, possibly more than once. */
  match(text: string, found: (id: number) => void): void;
}

export interface TextSearchBuilder {
  /** Puts `id` in front of the chain of the pattern; returns what stood there, -1 for nothing. The pattern must not be empty. */
  add(pattern: string, id: number): number;
  build(): TextSearch;
}

/** Aho and Corasick's automaton. Edges stand in one open-addressed table of flat arrays, so that a million nodes stay small. */
export function createTextSearch(): TextSearchBuilder {
  let parents = new Int32Array(1024);
  let units = new Uint16Array(1024);
  let depths = new Uint32Array(1024);
  let heads = new Int32Array(1024).fill(-1);
  let table = new Int32Array(4096);
  let count = 1;

  const slotOf = (node: number, unit: number): number => {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (table.length - 1);
    for (;;) {
      const child = table[slot] ?? 0;
      if (child === 0 || (parents[child] === node && units[child] === unit)) return slot;
      slot = (slot + 1) & (table.length - 1);
    }
  };
  const childOf = (node: number, unit: number): number => table[slotOf(node, unit)] ?? 0;
  const grow = (): void => {
    const size = parents.length * 2;
    const [oldParents, oldUnits, oldDepths, oldHeads] = [parents, units, depths, heads];
    parents = new Int32Array(size);
    units = new Uint16Array(size);
    depths = new Uint32Array(size);
    heads = new Int32Array(size).fill(-1);
    parents.set(oldParents);
    units.set(oldUnits);
    depths.set(oldDepths);
    heads.set(oldHeads);
    table = new Int32Array(size * 4);
    for (let node = 1; node < count; node++) table[slotOf(parents[node] ?? 0, units[node] ?? 0)] = node;
  };

  return {
    add(pattern, id) {
      let node = 0;
      for (let at = 0; at < pattern.length; at++) {
        const unit = pattern.charCodeAt(at);
        let child = childOf(node, unit);
        if (child === 0) {
          if (count === parents.length) grow();
          child = count++;
          parents[child] = node;
          units[child] = unit;
          depths[child] = at + 1;
          table[slotOf(node, unit)] = child;
        }
        node = child;
      }
      const before = heads[node] ?? -1;
      heads[node] = id;
      return before;
    },
    build() {
      const fails = new Int32Array(count);
      /** The nearest node on the way of the fails that ends a pattern; 0 for none. */
      const ends = new Int32Array(count);
      for (const node of byDepth(depths, count)) {
        if (node === 0) continue;
        const unit = units[node] ?? 0;
        let from = parents[node] ?? 0;
        let fail = 0;
        while (from !== 0 && fail === 0) {
          from = fails[from] ?? 0;
          fail = childOf(from, unit);
        }
        fails[node] = fail;
        ends[node] = (heads[fail] ?? -1) >= 0 ? fail : (ends[fail] ?? 0);
      }
      return {
        match(text, found) {
          if (count === 1) return;
          let node = 0;
          for (let at = 0; at < text.length; at++) {
            const unit = text.charCodeAt(at);
            let next = childOf(node, unit);
            while (next === 0 && node !== 0) {
              node = fails[node] ?? 0;
              next = childOf(node, unit);
            }
            node = next;
            const head = heads[node] ?? -1;
            if (head >= 0) found(head);
            for (let end = ends[node] ?? 0; end !== 0; end = ends[end] ?? 0) found(heads[end] ?? -1);
          }
        },
      };
    },
  };
}

/** The nodes, those near the root first: a counting sort. */
function byDepth(depths: Uint32Array, count: number): Uint32Array {
  let deepest = 0;
  for (let node = 0; node < count; node++) deepest = Math.max(deepest, depths[node] ?? 0);
  const starts = new Uint32Array(deepest + 2);
  for (let node = 0; node < count; node++) starts[(depths[node] ?? 0) + 1]! += 1;
  for (let depth = 1; depth < starts.length; depth++) starts[depth]! += starts[depth - 1] ?? 0;
  const sorted = new Uint32Array(count);
  for (let node = 0; node < count; node++) sorted[starts[depths[node] ?? 0]!++] = node;
  return sorted;
}
