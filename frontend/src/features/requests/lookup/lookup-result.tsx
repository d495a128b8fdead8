import { X } from "lucide-react";
import { useHotkeys } from "../../../components/use-hotkeys.ts";
import { useWide } from "../../../components/use-wide.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { AnswerPanel } from "../answer/answer-panel.tsx";
import { ended, type LookupView, type Place } from "../view/lookup-view.ts";
import type { Connection } from "../view/watch-lookup.ts";
import { ConnectionLine } from "./connection-line.tsx";
import { Followed } from "./followed.tsx";
import { OrderMenu } from "./order-menu.tsx";
import { stripSelector, Strips } from "./strips.tsx";
import { Together } from "./together.tsx";
import { useOrder } from "./use-order.ts";
import { VerdictStone } from "./verdict-stone.tsx";
import styles from "./lookup-result.module.css";

interface LookupResultProps {
  readonly view: LookupView;
  readonly connection: Connection;
  /** Slug of the source whose answer is open. */
  readonly openSlug: string | undefined;
  readonly onOpen: (slug: string | undefined) => void;
}

/** Verdict, then a strip per source, then one source's answer: beside the list where there is room, else under its strip. */
export function LookupResult({ view, connection, openSlug, onOpen }: LookupResultProps) {
  const wide = useWide();
  const order = useOrder(view);
  const open = view.places.find((place) => place.source.slug === openSlug);
  useHotkeys({ ArrowDown: focusFirstStrip, Escape: () => onOpen(undefined) });
  const panel = (place: Place) => <AnswerPanel key={place.source.id} place={place} request={view.request} />;
  return (
    <>
      <VerdictStone view={view} onOpen={onOpen} />
      <div className={styles["columns"]}>
        <section className={styles["answers"]} aria-label="Answers">
          <div className={styles["bar"]}>
            <h2>Sources</h2>
            <ConnectionLine connection={ended(view.request) ? "open" : connection} />
            <OrderMenu order={order.name} stale={order.stale} onOrder={order.choose} />
          </div>
          <Strips view={view} order={order.ids} openSlug={openSlug} onOpen={onOpen} detail={wide ? null : panel} />
        </section>
        <aside className={styles["aside"]} aria-label="Detail">
          {wide && open ? (
            <AnswerPanel
              key={open.source.id}
              place={open}
              request={view.request}
              close={<IconButton label="Close" icon={<X size={16} aria-hidden />} onClick={() => onOpen(undefined)} />}
            />
          ) : (
            <>
              <Followed request={view.request} />
              <Together view={view} />
            </>
          )}
        </aside>
      </div>
    </>
  );
}

function focusFirstStrip(): void {
  document.querySelector<HTMLElement>(stripSelector)?.focus();
}
