import { apiBasePath, type BatchEvent, isBatchOver } from "@assay/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { batchKeys, batchQuery } from "../../api/batches.ts";

/** One batch, live until its end. A stream that the server refuses is tried again by asking plainly, which says why. */
export function useBatch(id: string) {
  const queries = useQueryClient();
  const query = useQuery(batchQuery(id));
  const isLive = query.data !== undefined && !isBatchOver(query.data);
  useEffect(() => {
    if (!isLive) return undefined;
    const stream = new EventSource(`${apiBasePath}/batches/${encodeURIComponent(id)}/events`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (message: MessageEvent<string>): void => {
      const { type, batch } = JSON.parse(message.data) as BatchEvent;
      queries.setQueryData(batchKeys.detail(id), batch);
      if (type === "progress") return;
      stream.close();
      void queries.invalidateQueries({ queryKey: batchKeys.items(id) });
      void queries.invalidateQueries({ queryKey: batchKeys.lists });
    };
    stream.addEventListener("progress", take);
    stream.addEventListener("end", take);
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey: batchKeys.detail(id) }), 3000);
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [id, isLive, queries]);
  return query;
}
