import type { Source } from "@assay/contract";
import { Link, useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { paths } from "../../../api/paths.ts";
import { Button, buttonClass } from "../../../components/button.tsx";
import { Confirm } from "../../../components/confirm.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useDeleteSource } from "./use-delete-source.ts";
import styles from "./source-actions.module.css";

/** What its authors can do with a source: edit it, and delete what did not come with Assay. */
export function SourceActions({ source }: { readonly source: Source }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useDeleteSource(source, () => void navigate({ to: paths.sources }));
  return (
    <>
      <div className={styles["actions"]}>
        <Link to={paths.sourceEdit} params={{ slug: source.slug }} className={buttonClass({})}>
          <Pencil size={16} aria-hidden /> Edit
        </Link>
        {!source.catalogue && (
          <Button variant="danger" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Delete
          </Button>
        )}
      </div>
      {remove.isError && <ProblemNotice error={remove.error} title="The source was not deleted" />}
      <Confirm
        open={asking}
        title={`Delete ${source.name}?`}
        verb="Delete source"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        Its code, its versions and its settings go for good, and nothing asks it any more. The answers it has given
        stay.
      </Confirm>
    </>
  );
}
