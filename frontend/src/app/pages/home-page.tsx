import { useSearch } from "@tanstack/react-router";
import { useMay } from "../../api/auth.ts";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { LookupBox } from "../../features/requests/box/lookup-box.tsx";
import { Examples } from "../../features/requests/home/examples.tsx";
import { RecentLookups } from "../../features/requests/home/recent-lookups.tsx";
import { RunnersNotice } from "../../features/runners/runners-notice.tsx";
import styles from "./home-page.module.css";

export function HomePage() {
  const { q, kind } = useSearch({ from: "/signed-in/" });
  const mayRun = useMay("requests:run");
  return (
    <Page title="Look up">
      <div className={styles["home"]}>
        <div className={styles["hero"]}>
          <h1>What do your sources know about it?</h1>
          {mayRun ? (
            <>
              <LookupBox key={`${q} ${kind}`} size="hero" start={{ text: q ?? "", kind: kind ?? null }} />
              <Examples />
            </>
          ) : (
            <Notice tone="info" title="You may read lookups, but not start them">
              <p>Ask an administrator for the role of an analyst.</p>
            </Notice>
          )}
        </div>
        <RunnersNotice />
        <RecentLookups />
      </div>
    </Page>
  );
}
