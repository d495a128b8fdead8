import { fieldsOfManifest, type Source, type SourceManifest } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { sourceKeys } from "../../../api/sources.ts";
import { announce } from "../../../components/announce.tsx";
import { isConflict } from "./is-conflict.ts";
import { type Draft, fittingValues, languageOf } from "./draft.ts";

interface Save {
  readonly draft: Draft;
  readonly manifest: SourceManifest;
  readonly providerId: string;
  /** The version that the draft was made from; another one in use is not overwritten. */
  readonly versionId: string | null;
}

/** Makes a draft a new version of its source, or a new source. */
export function useSaveDraft(source: Source | null, onSaved: (saved: Source, draft: Draft) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, manifest, providerId, versionId }: Save) => {
      const fields = {
        ...fieldsOfManifest(manifest),
        providerId,
        code: draft.code,
        configValues: fittingValues(manifest, source),
      };
      return source === null
        ? client.sources.create({ body: { ...fields, language: languageOf(manifest) } })
        : client.sources.update({
            params: { id: source.id },
            body: { ...fields, ...(versionId !== null && { versionId }) },
          });
    },
    onSuccess: (saved, { draft }) => {
      queries.setQueryData(sourceKeys.detail(saved.slug), saved);
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
      void queries.invalidateQueries({ queryKey: sourceKeys.versions(saved.id) });
      announce(`Saved as version ${saved.versionNumber}`, { show: true });
      onSaved(saved, draft);
    },
    onError: (error) => {
      if (source !== null && isConflict(error))
        void queries.invalidateQueries({ queryKey: sourceKeys.detail(source.slug) });
    },
  });
}
