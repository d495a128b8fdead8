import { type IndicatorKind, Pap, Tlp, Visibility } from "@assay/contract";
import { Button } from "../../../components/button.tsx";
import { Field } from "../../../components/field.tsx";
import { Input } from "../../../components/input.tsx";
import { SelectField } from "../../../components/select-field.tsx";
import { visibilityWords } from "../../../components/visibility-words.ts";
import { useLookupOptions } from "./lookup-options.ts";
import { FollowField } from "./follow-field.tsx";
import { SourceChoice } from "./source-choice.tsx";
import styles from "./options-form.module.css";

const deadlineMaxS = 300;

export function OptionsForm({ kind }: { readonly kind: IndicatorKind | null }) {
  const { options, setOptions } = useLookupOptions();
  return (
    <div className={styles["form"]}>
      <div className={styles["row"]}>
        <SelectField
          label="TLP"
          none="Default"
          options={Tlp.options}
          value={options.tlp}
          onChoose={(tlp) =>
            setOptions({ ...options, tlp, visibility: tlp === "RED" ? undefined : options.visibility })
          }
        />
        <SelectField
          label="PAP"
          none="Default"
          options={Pap.options}
          value={options.pap}
          onChoose={(pap) => setOptions({ ...options, pap })}
        />
        <SelectField
          label="Visible to"
          none="Default"
          options={Visibility.options}
          words={visibilityWords}
          disabled={options.tlp === "RED"}
          value={options.tlp === "RED" ? "private" : options.visibility}
          onChoose={(visibility) => setOptions({ ...options, visibility })}
        />
        <Field label="Deadline, s">
          {(control) => (
            <Input
              {...control}
              type="number"
              inputMode="numeric"
              min={1}
              max={deadlineMaxS}
              placeholder="Default"
              defaultValue={options.deadlineMs === undefined ? "" : options.deadlineMs / 1000}
              onChange={(event) => setOptions({ ...options, deadlineMs: deadlineMs(event.target.valueAsNumber) })}
            />
          )}
        </Field>
      </div>
      <label className={styles["check"]}>
        <input
          type="checkbox"
          checked={options.refresh ?? false}
          onChange={(event) => setOptions({ ...options, refresh: event.target.checked || undefined })}
        />
        Ask every source anew, past the cache
      </label>
      <FollowField followUp={options.followUp} onFollow={(followUp) => setOptions({ ...options, followUp })} />
      <p className={styles["hint"]}>
        TLP and PAP decide which sources may be asked; RED stays on this server. Administrators can read private
        lookups, on record, but not those under TLP:RED.
      </p>
      <SourceChoice
        kind={kind}
        chosen={options.sourceIds}
        onChoose={(sourceIds) => setOptions({ ...options, sourceIds })}
      />
      <Button size="s" disabled={Object.keys(options).length === 0} onClick={() => setOptions({})}>
        Reset to defaults
      </Button>
    </div>
  );
}

/** Seconds as typed to milliseconds within what the server takes; nothing typed is no deadline of one's own. */
function deadlineMs(seconds: number): number | undefined {
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(Math.min(seconds, deadlineMaxS) * 1000) : undefined;
}
