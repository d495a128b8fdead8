import type { IndicatorKind } from "@assay/contract";
import { ArrowRight, Search } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { type ClipboardEvent, type FormEvent, useId, useState } from "react";
import { paths } from "../../../api/paths.ts";
import { Button } from "../../../components/button.tsx";
import { setExtractText } from "../extract/extract-text.ts";
import { useStartLookup } from "../use-start-lookup.ts";
import { BoxMessage } from "./box-message.tsx";
import { lookupBoxId } from "./focus-lookup-box.ts";
import { KindMenu } from "./kind-menu.tsx";
import { useLookupOptions } from "./lookup-options.ts";
import { OptionsPopover } from "./options-popover.tsx";
import { useReading } from "../reading/use-reading.ts";
import styles from "./lookup-box.module.css";

interface LookupBoxProps {
  /** `hero` on the home page, `bar` on top of every other. */
  readonly size: "hero" | "bar";
  readonly start?: { readonly text: string; readonly kind: IndicatorKind | null };
}

/** Longest indicator, in UTF-16 code units; the rules of the kinds, which know it too, come later than the box. */
const indicatorCharsMax = 8192;
/** What is longer holds more indicators than anybody chooses from one by one: it becomes a batch, which the server reads. */
const extractedCharsMax = 200_000;

/** One box: reads what is typed as an indicator, says what it takes it for, and asks every source about it. */
export function LookupBox({ size, start = { text: "", kind: null } }: LookupBoxProps) {
  const [text, setText] = useState(start.text);
  const [chosen, setChosen] = useState(start.kind);
  const [tried, setTried] = useState(false);
  const { options } = useLookupOptions();
  const lookup = useStartLookup();
  const navigate = useNavigate();
  const messageId = useId();
  const reading = useReading(text, chosen);
  const noSource = options.sourceIds?.length === 0;
  const wrong = tried && (reading.state === "unread" || (noSource && reading.state !== "empty"));

  const edit = (next: string): void => {
    setText(next);
    setTried(false);
    lookup.reset();
    if (next.trim() === "") setChosen(null);
  };
  const extractFrom = (whole: string): void => {
    setExtractText(whole);
    edit("");
    void navigate({ to: whole.length > extractedCharsMax ? paths.batchNew : paths.extract });
  };
  // A line of input would glue the lines of a text together.
  const paste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData("text/plain").trim();
    if (pasted.length <= indicatorCharsMax && !pasted.includes("\n")) return;
    event.preventDefault();
    extractFrom(pasted);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reading.state === "unread" && reading.within > 0) return extractFrom(text);
    setTried(true);
    if (reading.state === "empty" || reading.state === "unread" || noSource || lookup.isPending) return;
    const { sourceIds, ...rest } = options;
    const kind = reading.state === "read" ? reading.kind : chosen;
    lookup.mutate(
      { data: text.trim(), ...(kind ? { kind } : {}), ...rest, ...(sourceIds ? { sourceIds: [...sourceIds] } : {}) },
      { onSuccess: () => size === "bar" && edit("") },
    );
  };

  return (
    <form role="search" className={[styles["form"], styles[size]].join(" ")} onSubmit={submit}>
      <div className={[styles["box"], wrong ? styles["wrong"] : ""].join(" ")}>
        <Search size={18} aria-hidden className={styles["glass"]} />
        <input
          id={lookupBoxId}
          className={styles["input"]}
          value={text}
          onChange={(event) => edit(event.target.value)}
          onPaste={paste}
          aria-label="Indicator to look up"
          aria-describedby={messageId}
          aria-invalid={wrong || undefined}
          aria-keyshortcuts="/ Control+K"
          placeholder={size === "hero" ? "IP address, domain, URL, hash, CVE…" : "Look up an indicator"}
          maxLength={indicatorCharsMax}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          autoFocus={size === "hero" && matchMedia("(pointer: fine)").matches}
        />
        {reading.state === "empty" ? (
          <kbd className={styles["key"]} aria-hidden>
            /
          </kbd>
        ) : (
          <KindMenu reading={reading} chosen={chosen} onChoose={setChosen} />
        )}
        <OptionsPopover kind={reading.state === "read" ? reading.kind : null} />
        <Button
          type="submit"
          variant="primary"
          className={styles["go"]}
          busy={lookup.isPending}
          icon={<ArrowRight size={18} aria-hidden className={styles["arrow"]} />}
          aria-label="Look up"
        >
          <span className={styles["goWords"]}>Look up</span>
        </Button>
      </div>
      <BoxMessage id={messageId} text={text} reading={reading} wrong={wrong} error={lookup.error} />
    </form>
  );
}
