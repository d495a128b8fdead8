import type { IndicatorKind } from "@assay/contract";
import { SlidersHorizontal } from "lucide-react";
import { Popover } from "../../../components/popover.tsx";
import { useLookupOptions } from "./lookup-options.ts";
import { OptionsForm } from "./options-form.tsx";
import styles from "./options-popover.module.css";

/** How the lookup is asked: a button that says how many options are set, and the form behind it. */
export function OptionsPopover({ kind }: { readonly kind: IndicatorKind | null }) {
  const { options } = useLookupOptions();
  const count = Object.keys(options).length;
  return (
    <Popover
      label="Options of the lookup"
      align="end"
      className={styles["content"]}
      // The focus goes back a moment after the closing; whoever has gone on to the box by then stays there.
      onCloseAutoFocus={(event) => {
        if (document.activeElement !== document.body) event.preventDefault();
      }}
      trigger={
        <button
          type="button"
          className={styles["trigger"]}
          title="Options"
          aria-label={count === 0 ? "Options" : `Options, ${count} set`}
        >
          <SlidersHorizontal size={17} aria-hidden />
          {count > 0 && <span aria-hidden>{count}</span>}
        </button>
      }
    >
      <OptionsForm kind={kind} />
    </Popover>
  );
}
