import type { ConfigProperty } from "@assay/contract";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import styles from "./source-settings.module.css";

export type SettingValue = string | number | boolean;

interface SettingControlProps {
  readonly name: string;
  readonly property: ConfigProperty;
  /** As typed; a number that is not one yet is text. undefined: the default holds. */
  readonly value: SettingValue | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: SettingValue | undefined) => void;
}

/** One setting of a source, by its type: what it does, what is allowed, and the way back to its default. */
export function SettingControl({ name, property, value, error, onChange }: SettingControlProps) {
  const isOwn = value !== undefined;
  const hint = (
    <>
      {property.description !== undefined && `${property.description.replace(/\.$/, "")}. `}
      {isOwn ? `Default ${shown(property.default)}.` : "This is the default."}
      {rangeWords(property)}
      {isOwn && (
        <Button
          size="s"
          variant="plain"
          onClick={() => onChange(undefined)}
          aria-label={`Reset ${name} to its default`}
        >
          Reset
        </Button>
      )}
    </>
  );
  return (
    <div className={styles["setting"]}>
      <Field label={property.title ?? name} hint={hint} error={error}>
        {(control) => {
          if (property.type === "boolean") {
            return (
              <Select
                {...control}
                value={String(value ?? property.default)}
                onChange={(event) => onChange(event.target.value === "true")}
              >
                <option value="true">yes</option>
                <option value="false">no</option>
              </Select>
            );
          }
          if (property.type === "string" && property.enum) {
            return (
              <Select
                {...control}
                value={String(value ?? property.default)}
                onChange={(event) => onChange(event.target.value)}
              >
                {property.enum.map((word) => (
                  <option key={word}>{word}</option>
                ))}
              </Select>
            );
          }
          const isText = property.type === "string";
          return (
            <Input
              {...control}
              type={isText ? "text" : "number"}
              inputMode={isText ? "text" : property.type === "integer" ? "numeric" : "decimal"}
              step={property.type === "integer" ? 1 : "any"}
              maxLength={isText ? (property.maxLength ?? 4000) : undefined}
              spellCheck={false}
              autoCapitalize="none"
              value={String(value ?? property.default)}
              onChange={(event) => onChange(isText ? event.target.value : numberOf(event.target.value))}
            />
          );
        }}
      </Field>
    </div>
  );
}

/** What is not a number stays as it was typed, so that it can be said what is wrong. */
function numberOf(text: string): SettingValue {
  return text.trim() === "" || !Number.isFinite(Number(text)) ? text : Number(text);
}

function shown(value: SettingValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === "" ? "empty" : String(value);
}

function rangeWords(property: ConfigProperty): string {
  if (property.type !== "integer" && property.type !== "number") return "";
  const { minimum, maximum } = property;
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}.`;
  if (minimum !== undefined) return ` ${minimum} or more.`;
  return maximum === undefined ? "" : ` ${maximum} or less.`;
}
