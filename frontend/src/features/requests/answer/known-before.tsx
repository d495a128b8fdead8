import { type KnownIndicator, knownCountMax } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { paths } from "../../../api/paths.ts";
import { Mark, markWords } from "../../../components/mark.tsx";
import styles from "./relation-list.module.css";

/** How often an indicator has been looked up, and what came of it last; leads to that lookup. */
export function KnownBefore({ known }: { readonly known: KnownIndicator | undefined }) {
  if (!known?.last) return null;
  const { count, last } = known;
  const times = count >= knownCountMax ? `${knownCountMax} times or more` : count === 1 ? "once" : `${count} times`;
  const words = `Looked up ${times}, last: ${markWords[last.verdict].toLowerCase()}`;
  return (
    <Link to={paths.lookup} params={{ id: last.id }} className={styles["known"]} title={words} aria-label={words}>
      <Mark name={last.verdict} sizePx={14} />
      {markWords[last.verdict]}
    </Link>
  );
}
