import type { CodeUnit } from "@assay/runner-common";
import { encodeFrame, frameTypes } from "../sandbox/frames.js";

/** Which code one host has been given. Each unit has an isolate there. */
export interface HostUnits {
  readonly has: (unit: CodeUnit) => boolean;
  /** The number by which the host knows the unit; gives the host the code when it lacks it. */
  readonly idOf: (unit: CodeUnit) => number;
  readonly isKnownAs: (unit: CodeUnit, id: number) => boolean;
  /** Has the host drop what it has of a source. */
  readonly forget: (sourceId: string) => void;
}

const unitsMax = 100;
const keyOf = ({ sourceId, codeHash }: CodeUnit): string => `${codeHash}:${sourceId}`;

/** Keeps the 100 units used last; the host ends an isolate only after its calls. */
export function createHostUnits(send: (frame: Buffer) => void): HostUnits {
  // In the order of use, the least recent first.
  const units = new Map<string, { readonly id: number; readonly sourceId: string }>();
  let lastId = 0;

  function drop(key: string, id: number): void {
    units.delete(key);
    send(encodeFrame(frameTypes.drop, id));
  }

  function load(unit: CodeUnit) {
    lastId += 1;
    send(encodeFrame(frameTypes.load, lastId, unit.code));
    const [oldest] = units;
    if (oldest !== undefined && units.size >= unitsMax) drop(oldest[0], oldest[1].id);
    return { id: lastId, sourceId: unit.sourceId };
  }

  return {
    has: (unit) => units.has(keyOf(unit)),
    idOf(unit) {
      const key = keyOf(unit);
      const known = units.get(key) ?? load(unit);
      units.delete(key);
      units.set(key, known);
      return known.id;
    },
    isKnownAs: (unit, id) => units.get(keyOf(unit))?.id === id,
    forget(sourceId) {
      for (const [key, unit] of units) if (unit.sourceId === sourceId) drop(key, unit.id);
    },
  };
}
