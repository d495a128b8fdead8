import type { IndicatorKind, SourceTestResult } from "@assay/contract";
import { Play } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { KindField } from "../../components/kind-field.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import type { Tryable } from "./edit/draft.ts";
import { TryResult } from "./try-result.tsx";
import { useTrySource } from "./use-try-source.ts";
import styles from "./try-source.module.css";

interface TrySourceProps {
  /** As it is saved, or as it stands in the editor. */
  readonly source: Tryable;
  /** Draws what the code answered. */
  readonly renderResult: (result: SourceTestResult) => ReactNode;
}

/** Runs code on an indicator; neither the code nor the answer is stored. */
export function TrySource({ source, renderResult }: TrySourceProps) {
  const [data, setData] = useState("");
  const [kind, setKind] = useState<IndicatorKind | null>(null);
  const trial = useTrySource(source);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!trial.isPending) trial.mutate({ data: data.trim(), kind });
  };
  return (
    <div className={styles["try"]}>
      <form className={styles["form"]} aria-label={`Try ${source.name}`} onSubmit={submit}>
        <div className={styles["ask"]}>
          <Field label="Indicator">
            {(control) => (
              <Input
                {...control}
                mono
                required
                maxLength={8192}
                value={data}
                onChange={(event) => setData(event.target.value)}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            )}
          </Field>
          <KindField
            none="Detect it"
            kinds={source.indicators}
            value={kind ?? undefined}
            onChoose={(chosen) => setKind(chosen ?? null)}
          />
          <Button
            type="submit"
            variant="primary"
            busy={trial.isPending}
            icon={<Play size={16} aria-hidden />}
            className={styles["run"]}
          >
            Run
          </Button>
        </div>
        <p className={styles["hint"]}>
          Nothing is stored. It may reach the source’s hosts, so running it can ask a third party.
        </p>
      </form>
      {trial.isError && <ProblemNotice error={trial.error} title="It was not run" />}
      {trial.data && (
        <TryResult key={trial.submittedAt} result={trial.data}>
          {renderResult(trial.data)}
        </TryResult>
      )}
    </div>
  );
}
