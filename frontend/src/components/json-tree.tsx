import type { Json } from "@assay/contract";
import { useState } from "react";
import { Button } from "./button.tsx";
import styles from "./json-tree.module.css";

const openDepth = 2;
const openEntriesMax = 12;
const shownEntries = 100;

/** JSON that folds. Small branches near the root are open; long lists show their first entries and offer the rest. */
export function JsonTree({ value }: { readonly value: Json }) {
  return (
    <div className={styles["tree"]}>
      <Node name={null} value={value} depth={0} />
    </div>
  );
}

interface NodeProps {
  readonly name: string | null;
  readonly value: Json;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (value === null || typeof value !== "object") {
    return (
      <div className={styles["leaf"]}>
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} depth={depth} />;
}

function Branch({ name, value, depth }: NodeProps & { readonly value: Json[] | { [key: string]: Json } }) {
  const entries = Object.entries(value);
  const [count, setCount] = useState(shownEntries);
  const [open, setOpen] = useState(depth === 0 || (depth < openDepth && entries.length <= openEntriesMax));
  const isList = Array.isArray(value);
  return (
    <details className={styles["branch"]} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span className={styles["size"]}>{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {open && (
        <div className={styles["entries"]}>
          {entries.slice(0, count).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > count && (
            <Button size="s" variant="plain" onClick={() => setCount(count + 10 * shownEntries)}>
              Show more ({entries.length - count} left)
            </Button>
          )}
        </div>
      )}
    </details>
  );
}

function Name({ name }: { readonly name: string | null }) {
  if (name === null) return null;
  return (
    <>
      <span className={styles["name"]}>{name}</span>
      <span className={styles["colon"]}>: </span>
    </>
  );
}

function Scalar({ value }: { readonly value: string | number | boolean | null }) {
  return <span className={styles[value === null ? "null" : typeof value]}>{JSON.stringify(value)}</span>;
}
