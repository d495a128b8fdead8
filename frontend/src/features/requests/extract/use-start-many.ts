import type { Request } from "@assay/contract";
import type { ExtractedIndicator } from "@assay/indicators";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { client } from "../../../api/client.ts";
import { requestKeys } from "../../../api/requests.ts";
import { useLookupOptions } from "../box/lookup-options.ts";

/** Most lookups that one press starts. */
export const startsMax = 50;
/** Lookups that are out at the same time: what is left of the server's attention is for people. */
const atOnce = 4;
/** How long a lookup is waited for; it goes on without being watched. */
const wait = "20s";

/** What became of one of the chosen indicators. */
export type Started =
  | { readonly state: "waiting" }
  | { readonly state: "started"; readonly request: Request }
  | { readonly state: "failed"; readonly error: Error };

export function keyOf({ kind, data }: Pick<ExtractedIndicator, "kind" | "data">): string {
  return `${kind} ${data}`;
}

/** Starts a lookup for each of the indicators, a few at a time, and tells what becomes of them. */
export function useStartMany() {
  const queries = useQueryClient();
  const { options } = useLookupOptions();
  const [started, setStarted] = useState<ReadonlyMap<string, Started>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const set = (key: string, state: Started): void => setStarted((before) => new Map(before).set(key, state));

  const start = async (indicators: readonly ExtractedIndicator[]): Promise<void> => {
    // So many at once are not followed: each could bring as many again.
    const { sourceIds, followUp: _, ...rest } = options;
    const stop = new AbortController();
    stopping.current = stop;
    setRunning(true);
    setStarted((before) => {
      const next = new Map(before);
      for (const indicator of indicators) next.set(keyOf(indicator), { state: "waiting" });
      return next;
    });
    const left = [...indicators];
    const startNext = async (): Promise<void> => {
      for (let indicator = left.shift(); indicator && !stop.signal.aborted; indicator = left.shift()) {
        const { kind, data } = indicator;
        try {
          const body = { data, kind, ...rest, ...(sourceIds ? { sourceIds: [...sourceIds] } : {}) };
          const request = await client.requests.create({ body, query: { wait } }, stop.signal);
          set(keyOf(indicator), { state: "started", request });
        } catch (error) {
          if (!stop.signal.aborted) set(keyOf(indicator), { state: "failed", error: error as Error });
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, startNext));
    // What was not started any more can be chosen again.
    setStarted((before) => new Map([...before].filter(([, { state }]) => state !== "waiting")));
    setRunning(false);
    void queries.invalidateQueries({ queryKey: requestKeys.lists });
  };
  return { start, stop: () => stopping.current?.abort(), started, isRunning };
}
