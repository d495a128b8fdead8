import type { AskedFor } from "@assay/contract";
import { Mono } from "../../../components/mono.tsx";
import { askedForShort } from "./asked-for-words.ts";
import styles from "./answer-panel.module.css";

/** That the source did not get the whole indicator, and what it was asked instead. */
export function AskedAbout({ askedFor }: { readonly askedFor: AskedFor }) {
  const short = askedForShort(askedFor);
  return (
    <p className={styles["quiet"]}>
      {short.charAt(0).toUpperCase() + short.slice(1)}: its answer is about <Mono text={askedFor.data} />. If it calls
      that benign, it does not count for the verdict.
    </p>
  );
}
