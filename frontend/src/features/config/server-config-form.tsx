import type { SettingGroup } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../api/auth.ts";
import jump from "../../components/jump-links.module.css";
import { JumpLinks } from "../../components/jump-links.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Section } from "../../components/section.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ConfigRow } from "./config-row.tsx";
import { configQuery } from "./config-queries.ts";
import { groupWords } from "./config-words.ts";
import { RetentionNow } from "./retention-now.tsx";
import styles from "./server-config-form.module.css";

/** The server's settings, each with what it does, and marked where it is not the default. */
export function ServerConfigForm() {
  const mayRead = useMay("config:read");
  const mayWrite = useMay("config:write");
  const query = useQuery({ ...configQuery, enabled: mayRead });
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see the server’s settings">
        <p>They are for administrators.</p>
      </Notice>
    );
  }
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows count={5} label="Loading settings" />;
  return (
    <div className={styles["groups"]}>
      <JumpLinks label="Parts of the settings" parts={groups.map((group) => [idOf(group), groupWords[group]])} />
      {groups.map((group) => (
        <Section key={group} id={idOf(group)} title={groupWords[group]} className={jump["part"]}>
          {group === "retention" && <RetentionNow />}
          <ul className={rows["list"]} aria-label={groupWords[group]}>
            {query.data
              .filter((item) => item.group === group)
              .map((item) => (
                <ConfigRow key={`${item.name} ${item.changedAt}`} item={item} mayWrite={mayWrite} />
              ))}
          </ul>
        </Section>
      ))}
    </div>
  );
}

const idOf = (group: SettingGroup): string => `settings-${group}`;
const groups = Object.keys(groupWords) as SettingGroup[];
