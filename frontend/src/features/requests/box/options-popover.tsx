import type { IndicatorKind } from "@assay/contract";
import { SlidersHorizontal } from "lucide-react";
import { Popover } from "radix-ui";
import { useLookupOptions } from "./lookup-options.ts";
import { OptionsForm } from "./options-form.tsx";
import styles from "./options-popover.module.css";

/** How the lookup is asked: a button that says how many options are set, and the form behind it. */
export function OptionsPopover({ kind }: { readonly kind: IndicatorKind | null }) {
  const { options } = useLookupOptions();
  const count = Object.keys(options).length;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={styles["trigger"]}
          title="Options"
          aria-label={count === 0 ? "Options" : `Options, ${count} set`}
        >
          <SlidersHorizontal size={17} aria-hidden />
          {count > 0 && <span aria-hidden>{count}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles["content"]}
          align="end"
          sideOffset={8}
          collisionPadding={12}
          aria-label="Options of the lookup"
          // The focus goes back a moment after the closing; whoever has gone on to the box by then stays there.
          onCloseAutoFocus={(event) => {
            if (document.activeElement !== document.body) event.preventDefault();
          }}
        >
          <OptionsForm kind={kind} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
