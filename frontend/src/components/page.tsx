import { type ReactNode, useEffect } from "react";
import styles from "./page.module.css";

interface PageProps {
  /** In the browser's tab, before "Assay". */
  readonly title: string;
  readonly children: ReactNode;
}

/** The frame of a page, and its title in the browser. */
export function Page({ title, children }: PageProps) {
  useEffect(() => {
    document.title = title === "" ? "Assay" : `${title} · Assay`;
  }, [title]);
  return <div className={styles["page"]}>{children}</div>;
}

interface PageHeaderProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, children, actions }: PageHeaderProps) {
  return (
    <header className={styles["header"]}>
      <div className={styles["words"]}>
        <h1>{title}</h1>
        {children}
      </div>
      {actions}
    </header>
  );
}
