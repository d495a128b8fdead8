import type { Provider, Source, SourceTestResult } from "@assay/contract";
import { readManifestText } from "@assay/contract/manifest-text";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { paths } from "../../../api/paths.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useHotkeys } from "../../../components/use-hotkeys.ts";
import { TrySource } from "../try-source.tsx";
import { ConflictNotice } from "./conflict-notice.tsx";
import { DraftFiles, type DraftFilesHandle } from "./draft-files.tsx";
import { type Draft, type DraftProblem, languageOf, tryableOf } from "./draft.ts";
import { EditorHead } from "./editor-head.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import { ProblemList } from "./problem-list.tsx";
import { useDraft } from "./use-draft.ts";
import { useDraftProblems } from "./use-draft-problems.ts";
import styles from "./source-editor.module.css";

interface SourceEditorProps {
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
  const files = useRef<DraftFilesHandle>(null);
  const goTo = (problem: DraftProblem): void => files.current?.goTo(problem);
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
      {save.isError && !(work.isConflict && work.theirs !== null) && (
        <ProblemNotice error={save.error} title="It was not saved" />
      )}
      <div className={styles["columns"]}>
        <div className={styles["files"]}>
          <DraftFiles
            key={work.generation}
            initial={work.initial}
            language={language}
            manifest={manifest}
            providers={providers}
            problems={problems}
            onChange={work.change}
            handle={files}
          />
          <ProblemList problems={problems} status={status} onGo={goTo} />
          <p className={styles["hint"]}>
            Ctrl-S saves, Ctrl-F finds, Ctrl-Space completes; Escape and then Tab leaves the editor. Comments in the
            manifest are not kept.
          </p>
        </div>
        <section className={styles["try"]} aria-label="Try it">
          <h2>Try it</h2>
          {source !== null && Object.keys(source.config).length > 0 && (
            <p className={styles["hint"]}>
              It runs with the values that its settings have now. They are changed on{" "}
              <Link to={paths.source} params={{ slug: source.slug }} search={{}}>
                the source’s page
              </Link>
              , under Settings.
            </p>
          )}
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
