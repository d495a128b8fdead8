import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import type { LookupView, Place } from "../view/lookup-view.ts";
import { NotAsked } from "./not-asked.tsx";
import { isNotAsked } from "../view/weigh.ts";
import { Strip } from "./strip.tsx";
import styles from "./strips.module.css";

interface StripsProps {
  readonly view: LookupView;
  /** Ids of sources in the order to show. */
  readonly order: readonly string[];
  /** Slug of the source whose answer is open. */
  readonly openSlug: string | undefined;
  readonly onOpen: (slug: string | undefined) => void;
  /** What stands under the open strip where there is no room beside. */
  readonly detail: ((place: Place) => ReactNode) | null;
}

/** A strip per source. Arrows go through them, Enter opens, Escape closes. */
export function Strips({ view, order, openSlug, onOpen, detail }: StripsProps) {
  const list = useRef<HTMLDivElement>(null);
  const places = new Map(view.places.map((place) => [place.source.id, place]));
  const ordered = order.flatMap((id) => places.get(id) ?? []);
  const asked = ordered.filter((place) => !isNotAsked(place));
  const notAsked = ordered.filter(isNotAsked);
  const openNotAsked = notAsked.some((place) => place.source.slug === openSlug);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onOpen(undefined);
    if (moveFocus(list.current, event.key)) event.preventDefault();
  };
  const strip = (place: Place): ReactNode => (
    <Strip
      key={place.source.id}
      place={place}
      request={view.request}
      open={place.source.slug === openSlug}
      onToggle={() => onOpen(place.source.slug === openSlug ? undefined : place.source.slug)}
      detail={detail}
    />
  );
  return (
    <div ref={list} className={styles["list"]} onKeyDown={onKey}>
      {view.places.length === 0 && (
        <SkeletonRows count={view.request.verdict.coverage.asked} label="Planning the lookup" />
      )}
      <ul aria-label="Answers by source">{asked.map(strip)}</ul>
      {notAsked.length > 0 && (
        <NotAsked places={notAsked} open={openNotAsked}>
          {notAsked.map(strip)}
        </NotAsked>
      )}
    </div>
  );
}

export const stripSelector = "[data-strip]";

/** Moves the focus through the strips; false when the key is not one of theirs or the focus is elsewhere. */
function moveFocus(list: HTMLElement | null, key: string): boolean {
  const strips = [...(list?.querySelectorAll<HTMLElement>(stripSelector) ?? [])];
  const at = strips.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return false;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: strips.length - 1 }[key];
  if (next === undefined) return false;
  strips[Math.min(strips.length - 1, Math.max(0, next))]?.focus();
  return true;
}
