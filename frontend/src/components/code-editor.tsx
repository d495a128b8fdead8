import type { CompletionSource } from "@codemirror/autocomplete";
import { lazy, type Ref, Suspense } from "react";
import { Skeleton } from "./skeleton.tsx";

/** What is wrong, and where; 1-based, null where unknown. */
export interface EditorDiagnostic {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface EditorHandle {
  /** Puts the cursor there, 1-based, and the focus in the editor. */
  goTo(line: number, column: number): void;
}

export interface CodeEditorProps {
  /** Another text makes the editor anew. */
  readonly initialText: string;
  readonly language: "javascript" | "python" | "yaml";
  /** Its name for screen readers. */
  readonly label: string;
  readonly diagnostics: readonly EditorDiagnostic[];
  readonly complete: CompletionSource;
  readonly onChange: (text: string) => void;
  readonly handle: Ref<EditorHandle>;
}

/** The editor is heavy, so it comes only where something is written. */
const CodeMirrorEditor = lazy(async () => ({
  default: (await import("./editor/code-mirror-editor.tsx")).CodeMirrorEditor,
}));

/** Code to write: highlighted, completed, with diagnostics at their lines. Escape and then Tab leaves it. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height="420px" />}>
      <CodeMirrorEditor {...props} />
    </Suspense>
  );
}
