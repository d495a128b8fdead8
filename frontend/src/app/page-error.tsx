import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Page } from "../components/page.tsx";
import { ProblemNotice } from "../components/problem-notice.tsx";

/** A page that could not be drawn. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="Something went wrong">
      <ProblemNotice error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
    </Page>
  );
}
