import { useEffect, useRef } from "react";
import { announce } from "../../../components/announce.tsx";
import { markWords } from "../../../components/mark.tsx";
import { coverageWords } from "../view/coverage-words.ts";
import { ended, type LookupView } from "../view/lookup-view.ts";

/** Tells screen readers the verdict when it changes and when it is final; never each answer, nor what is long over. */
export function useAnnounceVerdict(view: LookupView | undefined): void {
  const watched = useRef<string | null>(null);
  const request = view?.request;
  const running = request !== undefined && !ended(request);
  const word = request === undefined ? "" : markWords[request.verdict.verdict];
  useEffect(() => {
    if (request === undefined) return;
    if (running) {
      if (watched.current === request.id) announce(`Verdict so far: ${word}`);
      watched.current = request.id;
    } else if (watched.current === request.id) {
      watched.current = null;
      announce(`Verdict: ${word}. ${request.verdict.text}. ${coverageWords(request.verdict.coverage)}`);
    }
    // Only a change of the word or the end is news; the rest of the request changes with every answer.
  }, [request?.id, running, word]);
}
