import type { Decision, DecisionPatch } from "@assay/contract";
import type { FormEvent } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { ExpiryField, expiryOf } from "./expiry-field.tsx";
import { useChangeDecisions } from "./use-change-decisions.ts";
import styles from "./decisions.module.css";

/** Changes why a decision was made and when it ends. Another word is another decision. */
export function ChangeDecisionForm({ decision, onDone }: { readonly decision: Decision; readonly onDone: () => void }) {
  const change = useChangeDecisions(
    (body: DecisionPatch) => client.decisions.update({ params: { id: decision.id }, body }),
    ({ data }) => `Changed the decision about ${data}`,
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const expiresAt = expiryOf(form, decision.expiresAt);
    change.mutate(
      { reason: String(form.get("reason")), ...(expiresAt === undefined ? {} : { expiresAt }) },
      { onSuccess: onDone },
    );
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {change.isError && <ProblemNotice error={change.error} title="The decision was not changed" />}
      <Field label="Reason">
        {(control) => (
          <Input
            {...control}
            name="reason"
            required
            maxLength={1000}
            autoComplete="off"
            defaultValue={decision.reason}
          />
        )}
      </Field>
      <ExpiryField before={decision.expiresAt} />
      <Button type="submit" variant="primary" busy={change.isPending}>
        Save changes
      </Button>
    </form>
  );
}
