import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./notice.module.css";

interface NoticeProps {
  readonly tone: "info" | "warning" | "error";
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

const icons = { info: Info, warning: TriangleAlert, error: CircleAlert };

/** What happened and what to do, in the flow of the page. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={[styles["notice"], styles[tone]].join(" ")} role={tone === "error" ? "alert" : "note"}>
      <Icon size={18} aria-hidden className={styles["icon"]} />
      <div className={styles["words"]}>
        <p className={styles["title"]}>{title}</p>
        {children}
      </div>
      {action !== undefined && <div className={styles["action"]}>{action}</div>}
    </div>
  );
}
