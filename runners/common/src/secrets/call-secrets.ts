import { randomBytes } from "node:crypto";
import type { SecretValue } from "@assay/proto";
import { parseHostPattern, type HostPattern } from "../egress/host-pattern.ts";
import { redactBytes, redactJson, redactText, secretsIn, type Redaction } from "./redact.ts";
import { needlesOf, plainNeedles } from "./value-needles.ts";

/** One secret during one call. */
export interface SecretSlot extends Redaction {
  readonly name: string;
  readonly value: string;
  readonly patterns: readonly HostPattern[];
  /** Where it may go, for messages. */
  readonly describedHosts: string;
  /** What stands for the value in the sandbox; undefined where user code holds the value itself. */
  readonly placeholder: string | undefined;
}

/** The secrets of one call: what user code gets in their place, and how they are kept out of whatever is shown. */
export interface CallSecrets {
  readonly slots: readonly SecretSlot[];
  /** By name: what user code is given. */
  readonly given: Readonly<Record<string, string>>;
  /** What an upstream sent, with placeholders for values. Values that user code holds anyway stay. The same buffer when nothing changed. */
  readonly hideFromSource: (bytes: Buffer) => Buffer;
  /** A text for answers, logs and traces, with "[secret NAME]" for values and placeholders. */
  readonly hideFromPeople: (text: string) => string;
  /** The same for JSON text, which stays valid. */
  readonly hideFromResult: (json: string) => string;
  /** The exposed secrets that the bytes hold. */
  readonly exposedIn: (bytes: Buffer) => readonly SecretSlot[];
}

/** Small letters and digits, so that it goes through URLs, forms, JSON, headers and host names as it is; 160 bits of chance. */
const makePlaceholder = (): string => `assaysecret${randomBytes(20).toString("hex")}`;

function openSlot({ name, value, hosts, exposed }: SecretValue): SecretSlot {
  const placeholder = exposed ? undefined : makePlaceholder();
  return {
    name,
    value,
    patterns: hosts.map(parseHostPattern),
    describedHosts: (hosts.join(", ") || "no host").slice(0, 500),
    placeholder,
    needles: needlesOf(value),
    replacement: placeholder ?? `[secret ${name}]`,
  };
}

const unchanged = <Value>(value: Value): Value => value;

/** Of a call without secrets. */
export const noSecrets: CallSecrets = {
  slots: [],
  given: {},
  hideFromSource: unchanged,
  hideFromPeople: unchanged,
  hideFromResult: unchanged,
  exposedIn: () => [],
};

/** Makes the placeholders of one call. The secrets must have passed `secretsFault`. */
export function openCallSecrets(secrets: readonly SecretValue[]): CallSecrets {
  if (secrets.length === 0) return noSecrets;
  const slots = secrets.map(openSlot);
  const hidden = slots.filter(({ placeholder }) => placeholder !== undefined);
  const exposed = slots.filter(({ placeholder }) => placeholder === undefined);
  const shown = slots.flatMap(({ name, needles, placeholder }): Redaction[] => {
    const replacement = `[secret ${name}]`;
    const value = { needles, replacement };
    return placeholder === undefined ? [value] : [value, { needles: plainNeedles(placeholder), replacement }];
  });
  return {
    slots,
    given: Object.fromEntries(slots.map(({ name, value, placeholder }) => [name, placeholder ?? value])),
    hideFromSource: (bytes) => redactBytes(bytes, hidden),
    hideFromPeople: (text) => redactText(text, shown),
    hideFromResult: (json) => redactJson(json, shown),
    exposedIn: (bytes) => secretsIn(bytes, exposed),
  };
}
