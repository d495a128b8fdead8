import type { IgnoreList } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { client } from "../../api/client.ts";
import { providersQuery } from "../../api/providers.ts";
import { sourcesQuery } from "../../api/sources.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { SelectField } from "../../components/select-field.tsx";
import styles from "./lists.module.css";
import { useChangeLists } from "./use-change-lists.ts";

interface ListTiesProps {
  readonly list: IgnoreList;
  readonly mayWrite: boolean;
}

/** The sources and providers that a list is for. */
export function ListTies({ list, mayWrite }: ListTiesProps) {
  const sources = useQuery(sourcesQuery);
  const providers = useQuery(providersQuery);
  const params = { id: list.id };
  const done = () => `Changed whom “${list.name}” concerns`;
  const tieSources = useChangeLists(
    (sourceIds: string[]) => client.ignoreLists.tieSources({ params, body: { sourceIds } }),
    done,
  );
  const tieProviders = useChangeLists(
    (providerIds: string[]) => client.ignoreLists.tieProviders({ params, body: { providerIds } }),
    done,
  );
  const error = tieSources.error ?? tieProviders.error;
  return (
    <Section title="Whom it concerns">
      {error && <ProblemNotice error={error} title="The list was not changed" />}
      <div className={styles["ties"]}>
        <Ties
          noun="source"
          all={sources.data ?? []}
          tied={list.sourceIds}
          mayWrite={mayWrite}
          onTie={(ids) => tieSources.mutate(ids)}
        />
        <Ties
          noun="provider"
          all={providers.data ?? []}
          tied={list.providerIds}
          mayWrite={mayWrite}
          onTie={(ids) => tieProviders.mutate(ids)}
        />
      </div>
    </Section>
  );
}

interface TiesProps {
  readonly noun: "source" | "provider";
  readonly all: readonly { readonly id: string; readonly name: string }[];
  readonly tied: readonly string[];
  readonly mayWrite: boolean;
  readonly onTie: (ids: string[]) => void;
}

function Ties({ noun, all, tied, mayWrite, onTie }: TiesProps) {
  const names = new Map(all.map(({ id, name }) => [id, name]));
  return (
    <div>
      <ul className={styles["tied"]} aria-label={`Tied ${noun}s`}>
        {tied.map((id) => (
          <li key={id}>
            {names.get(id) ?? id}
            {mayWrite && (
              <IconButton
                label={`Untie ${names.get(id) ?? id}`}
                icon={<X size={14} aria-hidden />}
                onClick={() => onTie(tied.filter((each) => each !== id))}
              />
            )}
          </li>
        ))}
      </ul>
      {tied.length === 0 && <p className={styles["hint"]}>No {noun} is tied to it.</p>}
      {mayWrite && (
        <SelectField
          label={`Add a ${noun}`}
          none="Choose…"
          options={all.map(({ id }) => id).filter((id) => !tied.includes(id))}
          words={(id) => names.get(id) ?? id}
          value={undefined}
          onChoose={(id) => id !== undefined && onTie([...tied, id])}
        />
      )}
    </div>
  );
}
