import type { Source } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import type { ReactNode } from "react";
import { Tag } from "../../components/tag.tsx";
import { durationWords } from "../../components/time.ts";
import { exposureWords, languageWords, reliabilityWords, stripWords } from "./source-words.ts";
import styles from "./source-manifest-facts.module.css";

/** What the manifest says: what it takes, what it may reach, how far it is trusted. */
export function SourceManifestFacts({ source }: { readonly source: Source }) {
  const config = Object.keys(source.config);
  const rows: readonly (readonly [string, ReactNode])[] = [
    ["Provider", source.provider.name],
    ["Language", languageWords[source.language]],
    ["Reliability", `${source.reliability}: ${lower(reliabilityWords[source.reliability])}`],
    ["Exposure", `${source.exposure}: ${lower(exposureWords[source.exposure])}`],
    ["Highest TLP", source.maxTlp],
    ...(source.strip.length > 0
      ? [["Never sees", source.strip.map((part) => stripWords[part]).join(", ")] as const]
      : []),
    ["Time limit", durationWords(source.timeoutMs)],
    ["Kinds", <Kinds key="kinds" source={source} />],
    ["May reach", <Hosts key="hosts" hosts={source.hosts} />],
    ...(config.length > 0 ? [["Settings", <SettingList key="settings" source={source} />] as const] : []),
    ...(source.tags.length > 0 ? [["Tags", source.tags.join(", ")] as const] : []),
  ];
  return (
    <dl className={styles["facts"]}>
      {rows.map(([name, value]) => (
        <div key={name} className={typeof value === "string" ? undefined : styles["wide"]}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Kinds({ source }: { readonly source: Source }) {
  const off = new Set(source.disabledIndicators);
  return (
    <span className={styles["tags"]}>
      {source.supportedIndicators.map((kind) => (
        <Tag key={kind} title={off.has(kind) ? "Turned off for this source" : undefined}>
          {off.has(kind) ? <s>{indicatorKindInfo(kind).label}</s> : indicatorKindInfo(kind).label}
        </Tag>
      ))}
    </span>
  );
}

function Hosts({ hosts }: { readonly hosts: readonly string[] }) {
  if (hosts.length === 0) return "Nothing: it has no network";
  return (
    <span className={styles["hosts"]}>
      {hosts.map((host) => (
        <code key={host}>{host}</code>
      ))}
    </span>
  );
}

function SettingList({ source }: { readonly source: Source }) {
  return (
    <span className={styles["hosts"]}>
      {Object.entries(source.config).map(([name, property]) => (
        <code key={name} title={property.description}>
          {name} = {JSON.stringify(source.configValues[name] ?? property.default)}
        </code>
      ))}
    </span>
  );
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
