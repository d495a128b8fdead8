import { lazy, Suspense } from "react";
import { Skeleton } from "./skeleton.tsx";

export type CodeLanguage = "javascript" | "python";

interface CodeViewProps {
  readonly code: string;
  readonly language: CodeLanguage;
  /** Its name for screen readers. */
  readonly label: string;
}

/** The editor is heavy, so it comes only where code is shown. */
const CodeMirrorView = lazy(async () => ({ default: (await import("./code-mirror-view.tsx")).CodeMirrorView }));

/** Code to read: highlighted, numbered, not editable. */
export function CodeView(props: CodeViewProps) {
  return (
    <Suspense fallback={<Skeleton height="320px" />}>
      <CodeMirrorView {...props} />
    </Suspense>
  );
}
