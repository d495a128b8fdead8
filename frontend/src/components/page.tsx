import { type ReactNode, useEffect } from "react";
import { Head, type HeadProps } from "./head.tsx";
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

/** A page whose title is also its head. */
export function HeadedPage({ children, ...head }: HeadProps & Pick<PageProps, "children">) {
  return (
    <Page title={head.title}>
      <Head level={1} {...head} />
      {children}
    </Page>
  );
}
