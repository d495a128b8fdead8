import type { IndicatorKind, Source } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { markWords } from "../../components/mark.tsx";

interface Trial {
  readonly data: string;
  /** null: the server tells it from the data. */
  readonly kind: IndicatorKind | null;
  readonly code: string;
}

/** Runs code once with the settings and secrets of a source; nothing is stored. */
export function useTrySource({ id: sourceId, language, hosts, secretSlots, config, configValues, timeoutMs }: Source) {
  const settings = { sourceId, language, hosts, secretSlots, config, configValues, timeoutMs };
  return useMutation({
    mutationFn: ({ data, kind, code }: Trial) =>
      client.sources.test({ body: { ...settings, code, data, ...(kind === null ? {} : { kind }) } }),
    onSuccess: ({ outcome, verdict }) => announce(`It ran: ${markWords[outcome === "ok" ? verdict : outcome]}`),
  });
}
