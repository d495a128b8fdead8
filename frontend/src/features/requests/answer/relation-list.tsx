import type { Relation, RequestSummary } from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { knownMost, knownQuery } from "../../../api/requests.ts";
import { Button } from "../../../components/button.tsx";
import { KnownBefore } from "./known-before.tsx";
import { IndicatorLink } from "../indicator-link.tsx";
import styles from "./relation-list.module.css";

interface RelationListProps {
  readonly relations: readonly (Relation & { readonly sources?: readonly string[] })[];
  /** Of the lookup they are found in, where there is one. */
  readonly request?: Pick<RequestSummary, "tlp" | "pap" | "visibility">;
}

const shownFirst = 12;

/** Other indicators, by their tie; each looks itself up when chosen, and tells what is known of it already. */
export function RelationList({ relations, request }: RelationListProps) {
  const [all, setAll] = useState(false);
  const indicators = [...new Map(relations.map(({ kind, data }) => [`${kind} ${data}`, { kind, data }])).values()];
  const known = useQuery(knownQuery(indicators.slice(0, knownMost)));
  const knownOf = new Map(known.data?.map((each) => [`${each.kind} ${each.data}`, each]));
  if (relations.length === 0) return null;
  const shown = all ? relations : relations.slice(0, shownFirst);
  return (
    <section aria-label="Related indicators" className={styles["relations"]}>
      {[...Map.groupBy(shown, (relation) => relation.type)].map(([type, ties]) => (
        <div key={type} className={styles["group"]}>
          <h4>{type.replaceAll("_", " ")}</h4>
          <ul>
            {ties.map((tie) => (
              <li key={tie.kind + tie.data}>
                <IndicatorLink
                  kind={tie.kind}
                  data={tie.data}
                  {...(request ? { tlp: request.tlp, pap: request.pap, visibility: request.visibility } : {})}
                  className={styles["link"]}
                />
                <KnownBefore known={knownOf.get(`${tie.kind} ${tie.data}`)} />
                <span className={styles["aside"]} title={tie.sources?.join(", ")}>
                  {tie.sources !== undefined && tie.sources.length > 1
                    ? `${tie.sources.length} sources`
                    : indicatorKindInfo(tie.kind).label}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {shown.length < relations.length && (
        <Button size="s" variant="plain" onClick={() => setAll(true)}>
          Show all {relations.length}
        </Button>
      )}
    </section>
  );
}
