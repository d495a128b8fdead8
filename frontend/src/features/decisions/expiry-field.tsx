import { useState } from "react";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import styles from "./decisions.module.css";

const dayMs = 86_400_000;
const spans: readonly (readonly [days: number, words: string])[] = [
  [7, "In a week"],
  [30, "In 30 days"],
  [90, "In 90 days"],
  [365, "In a year"],
];
const initialDays = 90;

interface ExpiryFieldProps {
  /** When it ends as of now; undefined: nothing has been said yet. */
  readonly before?: string | null;
}

/** When a decision ends. The form reads it with `expiryOf`. */
export function ExpiryField({ before }: ExpiryFieldProps) {
  const [how, setHow] = useState(before === undefined ? String(initialDays) : before === null ? "never" : "day");
  return (
    <div className={styles["expiry"]}>
      <Field label="Ends" hint="Then the sources decide again.">
        {(control) => (
          <Select {...control} name="ends" value={how} onChange={(event) => setHow(event.target.value)}>
            {spans.map(([days, words]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
            <option value="day">On a day</option>
            <option value="never">When it is withdrawn</option>
          </Select>
        )}
      </Field>
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
