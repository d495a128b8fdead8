import type { Batch, Visibility } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { batchKeys } from "../../api/batches.ts";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";

export type BatchVerb = "start" | "pause" | "resume" | "cancel" | "retry" | "retryIncomplete";

const saidWords: Readonly<Record<BatchVerb, string>> = {
  start: "The batch has started",
  pause: "The batch is paused",
  resume: "The batch goes on",
  cancel: "The batch is cancelled",
  retry: "What failed is looked up again",
  retryIncomplete: "What failed and what is incomplete is looked up again",
};

/** Changes how a batch goes on. */
export function useChangeBatch(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (verb: BatchVerb): Promise<Batch> => {
      const params = { id };
      if (verb === "retry") return client.batches.retry({ params, body: {} });
      if (verb === "retryIncomplete") return client.batches.retry({ params, body: { incomplete: true } });
      return client.batches[verb]({ params });
    },
    onSuccess: (batch, verb) => {
      queries.setQueryData(batchKeys.detail(id), batch);
      void queries.invalidateQueries({ queryKey: batchKeys.items(id) });
      void queries.invalidateQueries({ queryKey: batchKeys.lists });
      announce(saidWords[verb]);
    },
    onError: (error) => announce(error.message, { show: true }),
  });
}

/** Opens a batch and its lookups to everyone, or closes them. */
export function useSetBatchVisibility(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (visibility: Visibility) => client.batches.update({ params: { id }, body: { visibility } }),
    onSuccess: (batch) => {
      queries.setQueryData(batchKeys.detail(id), batch);
      void queries.invalidateQueries({ queryKey: batchKeys.lists });
      void queries.invalidateQueries({ queryKey: ["requests"] });
      announce(batch.visibility === "private" ? "The batch is private now" : "Everyone can see the batch now");
    },
    onError: (error) => announce(`Who sees the batch was not changed: ${error.message}`, { show: true }),
  });
}

/** Forgets a batch; its lookups stay. */
export function useDeleteBatch(id: string, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.batches.delete({ params: { id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: batchKeys.lists });
      announce("The batch is deleted");
      onDone();
    },
    onError: (error) => announce(error.message, { show: true }),
  });
}
