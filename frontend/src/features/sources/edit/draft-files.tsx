import type { Language, Provider, SourceManifest } from "@assay/contract";
import { Tabs } from "radix-ui";
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { CodeEditor, type EditorHandle } from "../../../components/code-editor.tsx";
import tabs from "../../../components/tabs.module.css";
import { completeContext } from "./complete-context.ts";
import { completeManifest } from "./complete-manifest.ts";
import type { Draft, DraftProblem } from "./draft.ts";
import styles from "./source-editor.module.css";

export interface DraftFilesHandle {
  goTo(problem: DraftProblem): void;
}

interface DraftFilesProps {
  readonly initial: Draft;
  readonly language: Language;
  /** undefined: it has errors; then what was known before is offered. */
  readonly manifest: SourceManifest | undefined;
  readonly providers: readonly Provider[];
  readonly problems: readonly DraftProblem[];
  readonly onChange: (file: keyof Draft, text: string) => void;
  readonly handle: Ref<DraftFilesHandle>;
}

/** An editor for the code and one for the manifest; both stay when the other is shown, so that each keeps its history. */
export function DraftFiles(props: DraftFilesProps) {
  const { initial, language, manifest, providers, problems, onChange, handle } = props;
  const [file, setFile] = useState<keyof Draft>("code");
  const code = useRef<EditorHandle>(null);
  const yaml = useRef<EditorHandle>(null);
  const known = useRef(manifest);
  useEffect(() => {
    known.current = manifest ?? known.current;
  }, [manifest]);
  const completeCode = useMemo(() => completeContext(language, () => known.current), [language]);
  const completeYaml = useMemo(() => completeManifest(providers), [providers]);
  const ofCode = useMemo(() => problems.filter((problem) => problem.file === "code"), [problems]);
  const ofManifest = useMemo(() => problems.filter((problem) => problem.file === "manifest"), [problems]);
  useImperativeHandle(handle, () => ({
    goTo({ file: place, line, column }) {
      setFile(place);
      const editor = place === "code" ? code : yaml;
      // Only once its tab is shown the editor can take the focus.
      requestAnimationFrame(() => editor.current?.goTo(line ?? 1, column ?? 1));
    },
  }));
  return (
    <Tabs.Root
      value={file}
      onValueChange={(next) => setFile(next === "manifest" ? "manifest" : "code")}
      className={styles["files"]}
    >
      <Tabs.List className={tabs["list"]} aria-label="Files">
        <Tabs.Trigger value="code" className={tabs["tab"]}>
          Code <Errors problems={ofCode} />
        </Tabs.Trigger>
        <Tabs.Trigger value="manifest" className={tabs["tab"]}>
          Manifest <Errors problems={ofManifest} />
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="code" forceMount tabIndex={-1} className={styles["file"]}>
        <CodeEditor
          initialText={initial.code}
          language={language === "PYTHON" ? "python" : "javascript"}
          label="Code"
          diagnostics={ofCode}
          complete={completeCode}
          onChange={(text) => onChange("code", text)}
          handle={code}
        />
      </Tabs.Content>
      <Tabs.Content value="manifest" forceMount tabIndex={-1} className={styles["file"]}>
        <CodeEditor
          initialText={initial.manifest}
          language="yaml"
          label="Manifest"
          diagnostics={ofManifest}
          complete={completeYaml}
          onChange={(text) => onChange("manifest", text)}
          handle={yaml}
        />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Errors({ problems }: { readonly problems: readonly DraftProblem[] }) {
  const count = problems.filter(({ severity }) => severity === "error").length;
  return count === 0 ? null : <span className={styles["count"]}>{count === 1 ? "1 error" : `${count} errors`}</span>;
}
