import { LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import type { Connection } from "../view/watch-lookup.ts";
import styles from "./connection-line.module.css";

/** While a lookup runs: whether its answers still reach this page. Silent until a connection that stood is broken. */
export function ConnectionLine({ connection }: { readonly connection: Connection }) {
  const [stood, setStood] = useState(false);
  useEffect(() => {
    if (connection === "open") setStood(true);
  }, [connection]);
  return (
    <p className={styles["line"]} role="status">
      {stood && connection !== "open" && (
        <>
          <LoaderCircle size={14} aria-hidden /> Reconnecting, nothing is lost
        </>
      )}
    </p>
  );
}
