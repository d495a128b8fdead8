import type { Decision, DecisionInput, DecisionWord, IndicatorKind } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { wordWords } from "./decision-words.ts";
import { ExpiryField, expiryOf } from "./expiry-field.tsx";
import { useChangeDecisions } from "./use-change-decisions.ts";
import styles from "./decisions.module.css";

interface DecisionFormProps {
  /** What is decided about; typed in when absent. */
  readonly indicator?: { readonly kind: IndicatorKind; readonly data: string };
  /** The lookup that it is decided from is private, which a decision is not. */
  readonly fromPrivate?: boolean;
  readonly onDone: (decision: Decision) => void;
}

/** Says what an indicator is, why, and for how long. */
export function DecisionForm({ indicator, fromPrivate = false, onDone }: DecisionFormProps) {
  const [verdict, setVerdict] = useState<DecisionWord>("benign");
  const decide = useChangeDecisions(
    (body: DecisionInput) => client.decisions.create({ body }),
    (made) => `Decided: ${made.data} is ${made.verdict}`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const about = indicator ?? { data: String(form.get("data")).trim() };
    const expiresAt = expiryOf(form) ?? null;
    decide.mutate({ ...about, verdict, reason: String(form.get("reason")), expiresAt }, { onSuccess: onDone });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {decide.isError && <ProblemNotice error={decide.error} title="Nothing was decided" />}
      {fromPrivate && (
        <Notice tone="warning" title="The lookup is private, a decision is not">
          <p>Everybody who may read lookups sees the indicator, your name and the reason.</p>
        </Notice>
      )}
      {indicator ? (
        <p className={styles["about"]}>{indicator.data}</p>
      ) : (
        <Field label="Indicator" hint="Defanged or not.">
          {(control) => (
            <Input {...control} mono name="data" required maxLength={8192} autoCapitalize="none" spellCheck={false} />
          )}
        </Field>
      )}
      <Choice label="It is" value={verdict} options={wordWords} onChange={setVerdict} />
      <Field label="Reason" hint="How you know. Whoever looks it up reads this.">
        {(control) => <Input {...control} name="reason" required maxLength={1000} autoComplete="off" />}
      </Field>
      <ExpiryField />
      <Button type="submit" variant="primary" busy={decide.isPending}>
        Decide
      </Button>
    </form>
  );
}
