import type { Language } from "@assay/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client } from "../../../api/client.ts";
import type { Draft, DraftProblem } from "./draft.ts";

/** Somebody who writes is not interrupted; somebody who looks up sees what is wrong. */
const restMs = 500;

interface DraftCheck {
  readonly problems: readonly DraftProblem[];
  readonly state: "checking" | "checked" | "failed";
  readonly error: Error | null;
}

/** Has the server check what is written, whenever the author rests. What was found before stays until then. */
export function useCheckDraft(language: Language, draft: Draft): DraftCheck {
  const rested = useRested(draft);
  const isEmpty = rested.code.trim() === "";
  const query = useQuery({
    queryKey: ["sources", "check", language, rested.code, rested.manifest],
    queryFn: ({ signal }) => client.sources.check({ body: { language, ...rested } }, signal),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  const { diagnostics, manifestDiagnostics } = query.data ?? { diagnostics: [], manifestDiagnostics: [] };
  return {
    problems: isEmpty
      ? [{ file: "code", severity: "error", field: null, message: "There is no code.", line: 1, column: 1 }]
      : [
          ...diagnostics.map((one) => ({ ...one, file: "code" as const, field: null })),
          ...manifestDiagnostics.map((one) => ({ ...one, file: "manifest" as const })),
        ],
    state: query.isError ? "failed" : !isEmpty && (query.isFetching || rested !== draft) ? "checking" : "checked",
    error: query.error,
  };
}

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
