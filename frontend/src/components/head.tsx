import type { ReactNode } from "react";
import styles from "./head.module.css";

export interface HeadProps {
  readonly title: string;
  /** What it is about, in a few words. */
  readonly about?: ReactNode;
  /** What can be done: beside the title, or below it where there is no room. */
  readonly actions?: ReactNode;
}

interface LevelledHeadProps extends HeadProps {
  /** 1: of a page; 2: of a part of it. */
  readonly level: 1 | 2;
  readonly id?: string;
}

/** What stands over a page or a part of it, everywhere the same. */
export function Head({ level, id, title, about, actions }: LevelledHeadProps) {
  const Title = level === 1 ? "h1" : "h2";
  return (
    <header className={styles["head"]}>
      <Title id={id} className={styles["title"]}>
        {title}
      </Title>
      {about && <div className={styles["about"]}>{about}</div>}
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </header>
  );
}
