import type { IndicatorKind } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { markWords } from "../../components/mark.tsx";
import type { Tryable } from "./edit/draft.ts";

interface Trial {
  readonly data: string;
  /** null: the server tells it from the data. */
  readonly kind: IndicatorKind | null;
}

/** Runs code once with its settings, and with the secrets of the source that it is of; nothing is stored. */
export function useTrySource(source: Tryable) {
  const { language, code, hosts, strip, secretSlots, config, configValues, timeoutMs, sourceId } = source;
  const settings = { language, code, hosts, strip, config, configValues, timeoutMs };
  return useMutation({
    mutationFn: ({ data, kind }: Trial) =>
      client.sources.test({
        body: {
          ...settings,
          ...(sourceId !== undefined && { sourceId }),
          ...(secretSlots !== undefined && { secretSlots }),
          data,
          ...(kind !== null && { kind }),
        },
      }),
    onSuccess: ({ outcome, verdict }) => announce(`It ran: ${markWords[outcome === "ok" ? verdict : outcome]}`),
  });
}
