import { LoaderCircle } from "lucide-react";
import type { Connection } from "../view/watch-lookup.ts";
import styles from "./connection-line.module.css";

/** While a lookup runs: whether its answers still reach this page. */
export function ConnectionLine({ connection, opened }: { readonly connection: Connection; readonly opened: boolean }) {
  const broken = opened && connection !== "open";
  return (
    <p className={styles["line"]} role="status">
      {broken && (
        <>
          <LoaderCircle size={14} aria-hidden /> Reconnecting. The lookup goes on at the server; nothing is lost.
        </>
      )}
    </p>
  );
}
