import type { ExtractedIndicator } from "@assay/indicators";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../../../api/client.ts";
import { paths } from "../../../api/paths.ts";
import { useLookupOptions } from "../box/lookup-options.ts";

/** Makes a batch of the indicators, which is not started, and goes to its page, where its forecast is. */
export function useMakeBatch() {
  const { options } = useLookupOptions();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (indicators: readonly ExtractedIndicator[]) => {
      const { sourceIds, ...rest } = options;
      const list = indicators.map(({ kind, data }) => ({ kind, data }));
      const named = sourceIds ? { sourceIds: [...sourceIds] } : {};
      return client.batches.create({ body: { indicators: list, start: false, ...rest, ...named } });
    },
    onSuccess: ({ id }) => navigate({ to: paths.batch, params: { id } }),
  });
}
