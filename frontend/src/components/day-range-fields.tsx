import { dayMs, dayOf, startOf } from "./day.ts";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

interface DayRange {
  readonly from?: string | undefined;
  /** The first moment that is no longer in it. */
  readonly to?: string | undefined;
}

interface DayRangeFieldsProps {
  readonly range: DayRange;
  readonly onChange: (change: DayRange) => void;
}

/** From a day on, and up to the end of one. */
export function DayRangeFields({ range, onChange }: DayRangeFieldsProps) {
  return (
    <>
      <DayField label="From" day={dayOf(range.from)} onChange={(day) => onChange({ from: startOf(day) })} />
      <DayField label="Up to" day={dayOf(range.to, -1)} onChange={(day) => onChange({ to: startOf(day, dayMs) })} />
    </>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly day: string;
  readonly onChange: (day: string) => void;
}

function DayField({ label, day, onChange }: DayFieldProps) {
  return (
    <Field label={label}>
      {(control) => <Input {...control} type="date" value={day} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
