import type { Provider, Source, SourceTestResult } from "@assay/contract";
import { readManifestText } from "@assay/contract/manifest-text";
import { Tabs } from "radix-ui";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { CodeEditor, type EditorHandle } from "../../../components/code-editor.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import tabs from "../../../components/tabs.module.css";
import { useHotkeys } from "../../../components/use-hotkeys.ts";
import { TrySource } from "../try-source.tsx";
import { completeContext } from "./complete-context.ts";
import { completeManifest } from "./complete-manifest.ts";
import { ConflictNotice } from "./conflict-notice.tsx";
import { type Draft, type DraftProblem, languageOf, tryableOf } from "./draft.ts";
import { EditorHead } from "./editor-head.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import { ProblemList } from "./problem-list.tsx";
import { useDraft } from "./use-draft.ts";
import { useDraftProblems } from "./use-draft-problems.ts";
import styles from "./source-editor.module.css";

export interface SourceEditorProps {
  /** null: it is to be made of the draft. */
  readonly source: Source | null;
  readonly initial: Draft;
  readonly providers: readonly Provider[];
  readonly renderTestResult: (result: SourceTestResult, provider: string) => ReactNode;
  readonly onCreated: (source: Source) => void;
}

/** Code and manifest of a source to write, what is wrong in them, and a run of them beside. */
export function SourceEditor({ source, initial, providers, renderTestResult, onCreated }: SourceEditorProps) {
  const work = useDraft(source, initial, onCreated);
  const { draft, isDirty, save } = work;
  const reading = useMemo(() => readManifestText(draft.manifest), [draft.manifest]);
  const { manifest } = reading;
  const [firstLanguage] = useState(() => (manifest === undefined ? "JAVASCRIPT" : languageOf(manifest)));
  const language = source?.language ?? (manifest === undefined ? firstLanguage : languageOf(manifest));
  const { problems, status } = useDraftProblems(language, draft, reading, providers, save.error);
  const [file, setFile] = useState<keyof Draft>("code");
  const handles = { code: useRef<EditorHandle>(null), manifest: useRef<EditorHandle>(null) };
  const latestManifest = useRef(manifest);
  if (manifest !== undefined) latestManifest.current = manifest;
  const complete = useMemo(
    () => ({ code: completeContext(language, () => latestManifest.current), manifest: completeManifest(providers) }),
    [language, providers],
  );
  const goTo = ({ file: place, line, column }: DraftProblem): void => {
    setFile(place);
    // Only once its tab is shown the editor can take the focus.
    requestAnimationFrame(() => handles[place].current?.goTo(line ?? 1, column ?? 1));
  };
  const provider = providers.find(({ slug }) => slug === manifest?.provider);
  const refuse = problems.find(({ file: place, severity }) => place === "manifest" && severity === "error");
  const submit = (): void => {
    if (save.isPending || !isDirty) return;
    if (manifest === undefined || provider === undefined) {
      if (refuse !== undefined) goTo(refuse);
      return;
    }
    work.submit(manifest, provider.id);
  };
  useHotkeys({ "mod+s": submit });
  const editorOf = (place: keyof Draft) => (
    <CodeEditor
      key={work.generation}
      initialText={work.initial[place]}
      language={place === "manifest" ? "yaml" : language === "PYTHON" ? "python" : "javascript"}
      label={place === "manifest" ? "Manifest" : "Code"}
      diagnostics={useMemo(() => problems.filter((problem) => problem.file === place), [place, problems])}
      complete={complete[place]}
      onChange={(text) => work.change(place, text)}
      handle={handles[place]}
    />
  );
  return (
    <div className={styles["page"]}>
      <LeaveGuard isDirty={isDirty} />
      <EditorHead
        source={source}
        name={manifest?.name ?? source?.name ?? "New source"}
        isDirty={isDirty}
        isSaving={save.isPending}
        onSave={submit}
      />
      {work.theirs !== null && (
        <ConflictNotice
          theirs={work.theirs}
          mine={draft}
          onTakeTheirs={() => work.take(work.theirs, true)}
          onKeepMine={() => work.take(work.theirs, false)}
        />
      )}
      {save.isError && work.theirs === null && !work.isConflict && (
        <ProblemNotice error={save.error} title="It was not saved" />
      )}
      <div className={styles["columns"]}>
        <Tabs.Root
          value={file}
          onValueChange={(next) => setFile(next === "manifest" ? "manifest" : "code")}
          className={styles["files"]}
        >
          <Tabs.List className={tabs["list"]} aria-label="Files">
            {(["code", "manifest"] as const).map((place) => (
              <Tabs.Trigger key={place} value={place} className={tabs["tab"]}>
                {place === "code" ? "Code" : "Manifest"}
                <Errors count={problems.filter((one) => one.file === place && one.severity === "error").length} />
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {/* Both stay, so that each keeps its history. */}
          <Tabs.Content value="code" forceMount className={styles["file"]}>
            {editorOf("code")}
          </Tabs.Content>
          <Tabs.Content value="manifest" forceMount className={styles["file"]}>
            {editorOf("manifest")}
          </Tabs.Content>
          <ProblemList problems={problems} status={status} onGo={goTo} />
          <p className={styles["hint"]}>
            Ctrl-S saves, Ctrl-F finds, Ctrl-Space completes; Escape and then Tab leaves the editor. Comments in the
            manifest are not kept.
          </p>
        </Tabs.Root>
        <section className={styles["try"]} aria-label="Try it">
          <h2>Try it</h2>
          {manifest === undefined ? (
            <p className={styles["hint"]}>Correct the manifest, and the code can be tried here as it is written.</p>
          ) : (
            <TrySource
              source={tryableOf(draft, manifest, source)}
              renderResult={(result) => renderTestResult(result, provider?.name ?? manifest.provider)}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function Errors({ count }: { readonly count: number }) {
  return count === 0 ? null : <span className={styles["count"]}>{count === 1 ? "1 error" : `${count} errors`}</span>;
}
