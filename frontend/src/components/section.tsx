import { type ReactNode, useId } from "react";
import { Head, type HeadProps } from "./head.tsx";
import rows from "./rows.module.css";

interface SectionProps extends HeadProps {
  /** What a link jumps to. */
  readonly id?: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A part of a page under a head of its own. */
export function Section({ id, className = "", children, ...head }: SectionProps) {
  const titleId = useId();
  return (
    <section id={id} className={[rows["section"], className].join(" ")} aria-labelledby={titleId}>
      <Head level={2} id={titleId} {...head} />
      {children}
    </section>
  );
}
