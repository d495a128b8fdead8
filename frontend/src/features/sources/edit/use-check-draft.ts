import type { Language } from "@assay/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
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
  const { data } = query;
  // The same list until there is another answer: meanwhile the editor moves what it marks along with the text.
  const problems = useMemo(() => (isEmpty ? noCode : problemsOf(data)), [isEmpty, data]);
  return {
    problems,
    state: query.isError ? "failed" : !isEmpty && (query.isFetching || rested !== draft) ? "checking" : "checked",
    error: query.error,
  };
}

const noCode: readonly DraftProblem[] = [
  { file: "code", severity: "error", field: null, message: "There is no code.", line: 1, column: 1 },
];

function problemsOf(answer: Awaited<ReturnType<typeof client.sources.check>> | undefined): readonly DraftProblem[] {
  if (answer === undefined) return [];
  return [
    ...answer.diagnostics.map((one) => ({ ...one, file: "code" as const, field: null })),
    ...answer.manifestDiagnostics.map((one) => ({ ...one, file: "manifest" as const })),
  ];
}

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
