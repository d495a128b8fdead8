import { ApiError, configValueProblems, Reliability, type Source } from "@assay/contract";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sourceKeys } from "../../api/sources.ts";
import { Button } from "../../components/button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SelectField } from "../../components/select-field.tsx";
import { isConflict } from "./edit/is-conflict.ts";
import { SettingControl, type SettingValue } from "./setting-control.tsx";
import { reliabilityWords } from "./source-words.ts";
import { useChangeSettings } from "./use-change-settings.ts";
import styles from "./source-settings.module.css";

type Values = Readonly<Record<string, SettingValue | undefined>>;

/** How far the source is trusted, and the values of the settings that its manifest declares. */
export function SourceSettings({ source }: { readonly source: Source }) {
  const [reliability, setReliability] = useState(source.reliability);
  const [values, setValues] = useState<Values>(source.configValues as Values);
  const change = useChangeSettings(source);
  const queries = useQueryClient();
  // What equals the default is not stored, so that it follows the default.
  const configValues = Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, SettingValue] =>
        entry[1] !== undefined && entry[1] !== source.config[entry[0]]?.default,
    ),
  );
  const problems = new Map([
    ...refused(change.error),
    ...configValueProblems(source.config, configValues).map(({ name, message }) => [name, message] as const),
  ]);
  const isSame =
    reliability === source.reliability && sameValues(configValues, source.configValues as Record<string, SettingValue>);
  const invalid = configValueProblems(source.config, configValues).length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (invalid || isSame) return;
    change.mutate({ configValues, ...(reliability === source.reliability ? {} : { reliability }) });
  };
  const edit = (name: string, value: SettingValue | undefined): void => {
    change.reset();
    setValues({ ...values, [name]: value });
  };
  return (
    <form className={styles["form"]} onSubmit={submit} noValidate aria-label="Settings of the source">
      {change.isError && <ProblemNotice error={change.error} title="Nothing was changed" />}
      {isConflict(change.error) && (
        <Button onClick={() => void queries.invalidateQueries({ queryKey: sourceKeys.detail(source.slug) })}>
          Show it as it is now
        </Button>
      )}
      <div className={styles["setting"]}>
        <SelectField
          label="Reliability"
          hint="How far verdicts trust it. A and B decide alone, C needs a second family, D to F are but a suspicion. A change is a new version with the same code."
          options={Reliability.options}
          words={(letter) => `${letter}: ${reliabilityWords[letter]}`}
          value={reliability}
          onChoose={(letter) => setReliability(letter ?? reliability)}
        />
      </div>
      {Object.entries(source.config).map(([name, property]) => (
        <SettingControl
          key={name}
          name={name}
          property={property}
          value={values[name]}
          error={problems.get(name)}
          onChange={(value) => edit(name, value)}
        />
      ))}
      {Object.keys(source.config).length === 0 && (
        <p className={styles["none"]}>This source has no settings of its own.</p>
      )}
      <Button type="submit" variant="primary" busy={change.isPending} disabled={isSame || invalid}>
        Save settings
      </Button>
    </form>
  );
}

/** What the server said of single values. */
function refused(error: Error | null): [name: string, message: string][] {
  const errors = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return errors.flatMap(({ field, message }) => {
    const name = /^body\.configValues\.(.+)$/.exec(field)?.[1];
    return name === undefined ? [] : [[name, message] as [string, string]];
  });
}

function sameValues(a: Values, b: Values): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
