import { type ApiTokenInput, Pap, Tlp } from "@assay/contract";
import { SelectField } from "../../components/select-field.tsx";
import styles from "./new-token-form.module.css";

/** Markings of the lookups that are made with a token, and how high it may go. */
export function TokenMarkingFields() {
  return (
    <div className={styles["markings"]}>
      <SelectField
        name="tlp"
        label="TLP of its lookups"
        hint="Where the call does not say."
        options={Tlp.options}
        none="Server’s default"
      />
      <SelectField
        name="pap"
        label="PAP of its lookups"
        hint="Where the call does not say."
        options={Pap.options}
        none="Server’s default"
      />
      <SelectField
        name="maxTlp"
        label="Highest TLP"
        hint="It neither starts nor reads lookups above, not even yours, and opens neither accounts nor the audit log."
        options={Tlp.options}
        none="Any"
      />
    </div>
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
