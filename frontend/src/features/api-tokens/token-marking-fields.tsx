import { type ApiTokenInput, Pap, Tlp } from "@assay/contract";
import { Field } from "../../components/field.tsx";
import { Select } from "../../components/input.tsx";
import styles from "./new-token-form.module.css";

/** Markings of the lookups that are made with a token, and how high it may go. */
export function TokenMarkingFields() {
  return (
    <div className={styles["markings"]}>
      <Choice
        name="tlp"
        label="TLP of its lookups"
        hint="Where the call does not say."
        words={Tlp.options}
        none="Server’s default"
      />
      <Choice
        name="pap"
        label="PAP of its lookups"
        hint="Where the call does not say."
        words={Pap.options}
        none="Server’s default"
      />
      <Choice
        name="maxTlp"
        label="Highest TLP"
        hint="It neither starts nor reads lookups above, not even yours, and opens neither accounts nor the audit log."
        words={Tlp.options}
        none="Any"
      />
    </div>
  );
}

interface ChoiceProps {
  readonly name: "tlp" | "pap" | "maxTlp";
  readonly label: string;
  readonly hint: string;
  readonly words: readonly string[];
  readonly none: string;
}

function Choice({ name, label, hint, words, none }: ChoiceProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <Select {...control} name={name} defaultValue="">
          <option value="">{none}</option>
          {words.map((word) => (
            <option key={word}>{word}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** What was chosen; what was not is left to the server. */
export function markingsOf(form: FormData): Required<Pick<ApiTokenInput, "tlp" | "pap" | "maxTlp">> {
  return {
    tlp: Tlp.safeParse(form.get("tlp")).data ?? null,
    pap: Pap.safeParse(form.get("pap")).data ?? null,
    maxTlp: Tlp.safeParse(form.get("maxTlp")).data ?? null,
  };
}
