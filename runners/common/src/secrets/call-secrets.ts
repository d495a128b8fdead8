import { randomBytes } from "node:crypto";
import type { SecretValue } from "@assay/proto";
import { parseHostPattern, type HostPattern } from "../egress/host-pattern.ts";
import { createSlots } from "../slots.ts";
import { finishInSlices, stepBytes, type Work } from "./in-slices.ts";
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

/**
 * The secrets of one call: what user code gets in their place, and how they are kept out of whatever is shown. What may be long is looked
 * through in slices, so that nobody else waits for it, and rejects with the signal's reason once the call has ended.
 */
export interface CallSecrets {
  readonly slots: readonly SecretSlot[];
  /** By name: what user code is given. */
  readonly given: Readonly<Record<string, string>>;
  /** What an upstream sent, with placeholders for values. Values that user code holds anyway stay. The same buffer when nothing changed. */
  readonly hideFromSource: (bytes: Buffer) => Promise<Buffer>;
  /** A short text for answers, logs and traces, with "[secret NAME]" for values and placeholders. */
  readonly hideFromPeople: (text: string) => string;
  /** The same for JSON text, which stays valid. */
  readonly hideFromResult: (json: string) => Promise<string>;
  /** The exposed secrets that the bytes hold. */
  readonly exposedIn: (bytes: Buffer) => Promise<readonly SecretSlot[]>;
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

/** Whose call it is, and until when it is of use. */
export interface SecretsCaller {
  readonly sourceId: string;
  readonly signal: AbortSignal;
}

// A body of 5 MiB may take two hundred more while it is looked through: two at a time, one of a source, and sources take turns.
const longWork = createSlots(2, () => 1);

/** @param length of what is looked through, in bytes or characters */
async function doInTurn<Result>(work: Work<Result>, length: number, caller: SecretsCaller): Promise<Result> {
  const { sourceId, signal } = caller;
  if (length <= stepBytes) return finishInSlices(work, signal);
  const release = longWork.tryAcquire(sourceId) ?? (await longWork.acquire(sourceId, signal));
  try {
    return await finishInSlices(work, signal);
  } finally {
    release?.();
  }
}

const unchanged = <Value>(value: Value): Promise<Value> => Promise.resolve(value);

/** Of a call without secrets. */
export const noSecrets: CallSecrets = {
  slots: [],
  given: {},
  hideFromSource: unchanged,
  hideFromPeople: (text) => text,
  hideFromResult: unchanged,
  exposedIn: () => Promise.resolve([]),
};

/** Makes the placeholders of one call. The secrets must have passed `secretsFault`. */
export function openCallSecrets(secrets: readonly SecretValue[], caller: SecretsCaller): CallSecrets {
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
    hideFromSource: (bytes) => doInTurn(redactBytes(bytes, hidden), bytes.length, caller),
    hideFromPeople: (text) => redactText(text, shown),
    hideFromResult: (json) => doInTurn(redactJson(json, shown), json.length, caller),
    exposedIn: (bytes) => doInTurn(secretsIn(bytes, exposed), bytes.length, caller),
  };
}
