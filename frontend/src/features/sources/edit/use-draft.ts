import type { Source, SourceManifest } from "@assay/contract";
import { useState } from "react";
import { type Draft, draftOf } from "./draft.ts";
import { isConflict } from "./is-conflict.ts";
import { useSaveDraft } from "./use-save-draft.ts";

/** What a draft was made from, or last saved as. */
interface Base {
  readonly saved: Draft | null;
  readonly versionId: string | null;
}

/** The author's draft beside the source as the server has it, which others may change meanwhile. */
export function useDraft(source: Source | null, first: Draft, onCreated: (source: Source) => void) {
  const [initial, setInitial] = useState(first);
  const [draft, setDraft] = useState(first);
  const [base, setBase] = useState<Base>({ saved: source && first, versionId: source?.versionId ?? null });
  const [generation, setGeneration] = useState(0);
  const save = useSaveDraft(source, (saved, sent) => {
    setBase({ saved: sent, versionId: saved.versionId });
    if (source === null) onCreated(saved);
  });
  const isDirty =
    !(source === null && save.isSuccess) && (base.saved?.code !== draft.code || base.saved.manifest !== draft.manifest);
  return {
    draft,
    initial,
    /** Counts how often the editors began anew. */
    generation,
    isDirty,
    save,
    isConflict: isConflict(save.error),
    /** The source, where another version than that of the draft is in use. */
    theirs: source !== null && source.versionId !== base.versionId ? source : null,
    change(file: keyof Draft, text: string): void {
      if (save.isError) save.reset();
      setDraft((before) => ({ ...before, [file]: text }));
    },
    submit(manifest: SourceManifest, providerId: string): void {
      save.mutate({ draft, manifest, providerId, versionId: base.versionId });
    },
    /** Goes on from the version that is in use: with what is in it, or with what the author wrote. */
    take(theirs: Source | null, wholly: boolean): void {
      if (theirs === null) return;
      const next = draftOf(theirs);
      save.reset();
      setBase({ saved: next, versionId: theirs.versionId });
      if (!wholly) return;
      setInitial(next);
      setDraft(next);
      setGeneration(generation + 1);
    },
  };
}
