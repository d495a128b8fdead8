import { Field } from "../../../components/field.tsx";
import { Input, Select } from "../../../components/input.tsx";
import type { LookupOptions } from "./lookup-options.ts";
import styles from "./options-form.module.css";

interface FollowFieldProps {
  readonly followUp: LookupOptions["followUp"];
  readonly onFollow: (followUp: LookupOptions["followUp"]) => void;
}

const mostInitial = 20;
const mostMax = 50;

/** Whether what answers point to is looked up as well: how far, and how much of it. */
export function FollowField({ followUp, onFollow }: FollowFieldProps) {
  return (
    <div className={styles["row"]}>
      <Field label="Look up related ones">
        {(control) => (
          <Select
            {...control}
            value={followUp?.depth ?? 0}
            onChange={(event) => {
              const depth = Number(event.target.value);
              onFollow(depth === 0 ? undefined : { depth, most: followUp?.most ?? mostInitial });
            }}
          >
            <option value={0}>No</option>
            <option value={1}>1 step</option>
            <option value={2}>2 steps</option>
            <option value={3}>3 steps</option>
          </Select>
        )}
      </Field>
      {followUp && (
        <Field label="Of them at most">
          {(control) => (
            <Input
              {...control}
              type="number"
              inputMode="numeric"
              min={1}
              max={mostMax}
              defaultValue={followUp.most}
              onChange={(event) => {
                const most = Math.round(event.target.valueAsNumber);
                if (most >= 1) onFollow({ ...followUp, most: Math.min(most, mostMax) });
              }}
            />
          )}
        </Field>
      )}
    </div>
  );
}
