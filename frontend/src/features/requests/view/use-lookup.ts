import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { lookupQuery, rememberEvent } from "./lookup-query.ts";
import { ended, type LookupView } from "./lookup-view.ts";
import { type Connection, watchLookup } from "./watch-lookup.ts";

const retryMs = 3000;

/** One lookup, live while it runs, and how the connection to its stream is. */
export function useLookup(id: string): { query: UseQueryResult<LookupView>; connection: Connection } {
  const queries = useQueryClient();
  const query = useQuery(lookupQuery(id));
  const [connection, setConnection] = useState<Connection>("connecting");
  const [attempt, setAttempt] = useState(0);
  const running = query.data !== undefined && !ended(query.data.request);

  useEffect(() => {
    if (!running) return undefined;
    return watchLookup(id, { onConnection: setConnection, onEvent: (event) => rememberEvent(queries, id, event) });
  }, [id, running, attempt, queries]);

  useEffect(() => {
    if (!running || connection !== "lost") return undefined;
    // The plain call says why the stream was refused (signed out, gone), or brings what was missed.
    const timer = setTimeout(() => {
      void queries.refetchQueries({ queryKey: lookupQuery(id).queryKey });
      setConnection("connecting");
      setAttempt((last) => last + 1);
    }, retryMs);
    return () => clearTimeout(timer);
  }, [id, running, connection, queries]);

  return { query, connection };
}
