import { useState } from "react";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { SelectField } from "../../components/select-field.tsx";
import styles from "./decisions.module.css";

const dayMs = 86_400_000;
/** When it ends: after so many days, or else. */
const spans: ReadonlyMap<string, string> = new Map([
  ["7", "In a week"],
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
  ["day", "On a day"],
  ["never", "When it is withdrawn"],
]);
const initialSpan = "90";

interface ExpiryFieldProps {
  /** When it ends as of now; undefined: nothing has been said yet. */
  readonly before?: string | null;
}

/** When a decision ends. The form reads it with `expiryOf`. */
export function ExpiryField({ before }: ExpiryFieldProps) {
  const [how, setHow] = useState(before === undefined ? initialSpan : before === null ? "never" : "day");
  return (
    <div className={styles["expiry"]}>
      <SelectField
        label="Ends"
        name="ends"
        hint="Then the sources decide again."
        options={[...spans.keys()]}
        words={(end) => spans.get(end) ?? end}
        value={how}
        onChoose={(end) => setHow(end ?? how)}
      />
      {how === "day" && (
        <Field label="Last day">
          {(control) => (
            <Input {...control} name="day" type="date" required defaultValue={before ? lastDayOf(before) : undefined} />
          )}
        </Field>
      )}
    </div>
  );
}

/** What the form says of the end: null is never; undefined is no change of `before`. */
export function expiryOf(form: FormData, before?: string | null): string | null | undefined {
  const how = String(form.get("ends"));
  if (how === "never") return null;
  if (how !== "day") return new Date(Date.now() + Number(how) * dayMs).toISOString();
  const day = String(form.get("day"));
  if (before && day === lastDayOf(before)) return undefined;
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString();
}

/** The day, UTC, on which it is in force last. */
function lastDayOf(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString().slice(0, 10);
}
