import type { Source } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Save } from "lucide-react";
import { paths } from "../../../api/paths.ts";
import { Button } from "../../../components/button.tsx";
import { Tag } from "../../../components/tag.tsx";
import styles from "./source-editor.module.css";

interface EditorHeadProps {
  readonly source: Source | null;
  readonly name: string;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly onSave: () => void;
}

/** What is edited, whether it is saved, and the button that does it. */
export function EditorHead({ source, name, isDirty, isSaving, onSave }: EditorHeadProps) {
  return (
    <header className={styles["head"]}>
      {source === null ? (
        <Link to={paths.sources} className={styles["back"]}>
          <ArrowLeft size={16} aria-hidden /> All sources
        </Link>
      ) : (
        <Link to={paths.source} params={{ slug: source.slug }} className={styles["back"]}>
          <ArrowLeft size={16} aria-hidden /> {source.name}
        </Link>
      )}
      <div className={styles["title"]}>
        <h1>{source === null ? name : `Edit ${name}`}</h1>
        {source !== null && <Tag>Version {source.versionNumber}</Tag>}
        <span className={styles["state"]} role="status">
          {isDirty ? "Not saved" : "Saved"}
        </span>
        <Button
          variant="primary"
          icon={<Save size={16} aria-hidden />}
          disabled={!isDirty}
          busy={isSaving}
          onClick={onSave}
        >
          {source === null ? "Save and turn on" : "Save"}
        </Button>
      </div>
    </header>
  );
}
