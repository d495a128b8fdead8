import { useEffect } from "react";
import styles from "./jump-links.module.css";

interface JumpLinksProps {
  /** What they lead through: "Parts of the settings". */
  readonly label: string;
  /** Of each part its id and what it is called. */
  readonly parts: readonly (readonly [id: string, words: string])[];
}

/** The ways to the parts of a long page, on one line that stays in sight. Parts need the class `part`. */
export function JumpLinks({ label, parts }: JumpLinksProps) {
  // An address may name a part that was not there yet when the browser looked for it.
  useEffect(() => document.getElementById(window.location.hash.slice(1))?.scrollIntoView(), []);
  return (
    <nav aria-label={label} className={styles["links"]}>
      {parts.map(([id, words]) => (
        <a key={id} href={`#${id}`} className={styles["link"]}>
          {words}
        </a>
      ))}
    </nav>
  );
}
