import { extractCharsMax } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useId } from "react";
import { useMay } from "../../../api/auth.ts";
import { paths } from "../../../api/paths.ts";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Notice } from "../../../components/notice.tsx";
import { pasteLong } from "../../../components/paste-long.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { DroppedList } from "./dropped-list.tsx";
import { setExtractText, useExtractText } from "./extract-text.ts";
import { FoundList } from "./found-list.tsx";
import { useExtraction } from "./use-extraction.ts";
import styles from "./extract-panel.module.css";

/** A text, and the indicators in it. */
export function ExtractPanel() {
  const text = useExtractText();
  const read = useDeferredValue(text);
  const query = useExtraction(read);
  const mayRun = useMay("requests:run");
  const textId = useId();
  const found = query.data?.indicators ?? [];
  const more = query.data?.leftOut.indicators ?? 0;
  return (
    <div className={styles["panel"]}>
      <div className={styles["section"]}>
        <label htmlFor={textId} className={styles["label"]}>
          Text to search
        </label>
        <textarea
          id={textId}
          className={styles["text"]}
          value={text}
          onChange={(event) => setExtractText(event.target.value)}
          onPaste={(event) => pasteLong(event, setExtractText)}
          placeholder="Paste a report, a mail, a log, a list: defanged or not"
          maxLength={extractCharsMax}
          rows={7}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
        <p className={styles["hint"]} role="status">
          {text.trim() === ""
            ? "The text is read in your browser and sent nowhere."
            : query.data && foundWords(found.length, more)}
        </p>
      </div>
      {query.isError && (
        <ProblemNotice error={query.error} title="The text cannot be read" onRetry={() => void query.refetch()} />
      )}
      {text.trim() !== "" && query.isPending && <SkeletonRows count={4} label="Reading the text" />}
      {more > 0 && mayRun && (
        <Notice tone="info" title="There are more than can be shown here">
          <p>
            <Link to={paths.batchNew}>Make a batch of the whole text</Link>: it takes up to 100,000 indicators.
          </p>
        </Notice>
      )}
      {query.data && found.length > 0 && <FoundList key={read} found={found} mayRun={mayRun} />}
      {query.data && text.trim() !== "" && found.length === 0 && (
        <EmptyState title="No indicator was found">
          <p>Addresses, domains, URLs, e-mail addresses, hashes and identifiers are looked for, defanged or not.</p>
        </EmptyState>
      )}
      {query.data && <DroppedList dropped={query.data.dropped} more={query.data.leftOut.dropped} />}
    </div>
  );
}

function foundWords(count: number, more: number): string {
  const words = count === 1 ? "1 indicator found." : `${count} indicators found.`;
  return more === 0 ? words : `${words} ${more} more are left out: search the text in parts.`;
}
