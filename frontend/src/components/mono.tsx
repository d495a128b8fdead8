import styles from "./mono.module.css";

const tailChars = 10;

/** An indicator, id or hash on one line: too long, it is shortened in the middle; whole on hover and when copied. */
export function Mono({ text, className }: { readonly text: string; readonly className?: string | undefined }) {
  const tail = text.length > tailChars * 2 ? text.slice(-tailChars) : "";
  const head = tail === "" ? text : text.slice(0, -tailChars);
  return (
    <span className={[styles["mono"], className].join(" ")} title={text}>
      <span className={styles["head"]}>{head}</span>
      {tail !== "" && <span className={styles["tail"]}>{tail}</span>}
    </span>
  );
}
