import type { QuotaWindow, Secret } from "@assay/contract";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { QuotaFields } from "./quota-fields.tsx";
import { quotaWords } from "./quota-words.ts";

export interface SecretQuota {
  /** null: as the sources say that it fills. */
  readonly quota: QuotaWindow[] | null;
  readonly quotaReservePercent: number;
}

interface SecretQuotaFieldProps extends SecretQuota {
  readonly secret: Secret | undefined;
  readonly onChange: (change: Partial<SecretQuota>) => void;
}

const firstWindows: QuotaWindow[] = [{ limit: 1000, per: "day" }];

/** How many calls a key is good for: what its sources say of the provider's free plan, or what the plan at hand allows. */
export function SecretQuotaField({ secret, quota, quotaReservePercent, onChange }: SecretQuotaFieldProps) {
  const choice = quota === null ? "sources" : quota.length === 0 ? "none" : "own";
  const offered = secret?.quota === null ? secret.standing.windows : [];
  const said = offered.map(({ limit, per }) => ({ limit, per }));
  const choose = (value: string): void =>
    onChange({ quota: value === "sources" ? null : value === "none" ? [] : said.length > 0 ? said : firstWindows });
  return (
    <>
      <Field
        label="Quota"
        hint="Never exceeded, whichever source and server uses the key. Windows roll: any minute, any day."
      >
        {(control) => (
          <Select {...control} value={choice} onChange={(event) => choose(event.target.value)}>
            <option value="sources">
              As its sources say{offered.length > 0 ? ` (${quotaWords(said)}, the free plan)` : ""}
            </option>
            <option value="own">Set here, for the plan you have</option>
            <option value="none">No limit</option>
          </Select>
        )}
      </Field>
      {choice === "own" && <QuotaFields windows={quota ?? []} onChange={(windows) => onChange({ quota: windows })} />}
      {choice !== "none" && (
        <Field
          label="Kept for people, in percent"
          hint="API tokens, schedules and batches leave so much of each window."
        >
          {(control) => (
            <Input
              {...control}
              mono
              type="number"
              min={0}
              max={90}
              required
              value={Number.isNaN(quotaReservePercent) ? "" : quotaReservePercent}
              onChange={(event) => onChange({ quotaReservePercent: event.target.valueAsNumber })}
            />
          )}
        </Field>
      )}
    </>
  );
}
