import { type AnswerProblem, intersectHosts, type SecretSlot } from "@assay/contract";

/** A secret that is assigned to a slot, as far as deciding on its use needs it. */
export interface Candidate {
  readonly id: string;
  readonly hosts: readonly string[];
  /** Milliseconds since the epoch; null: does not expire. */
  readonly expiresAtMs: number | null;
  /** null: it cannot be decrypted here. */
  readonly value: string | null;
  readonly refused: boolean;
  /** Milliseconds since the epoch; 0: does not rest. */
  readonly restsUntilMs: number;
  /** Whether the slot handed values to the code when it was assigned. */
  readonly exposed: boolean;
}

/** How a slot stands: which of its secrets may be used, or why none. */
export type SlotStanding<C extends Candidate = Candidate> =
  | { readonly state: "ready"; readonly usable: readonly C[] }
  | { readonly state: "empty" }
  | { readonly state: "unusable"; readonly because: string }
  | { readonly state: "resting"; readonly untilMs: number };

/** Decides which of a slot's secrets may be used now. One that the provider refused is used only when there is no other. */
export function standingOf<C extends Candidate>(
  slot: SecretSlot,
  sourceHosts: readonly string[],
  candidates: readonly C[],
  nowMs: number,
): SlotStanding<C> {
  if (candidates.length === 0) return { state: "empty" };
  const faults = candidates.map((candidate) => faultOf(slot, sourceHosts, candidate, nowMs));
  const sound = candidates.filter((_, index) => faults[index] === null);
  if (sound.length === 0) {
    return { state: "unusable", because: [...new Set(faults.filter((fault) => fault !== null))].join("; ") };
  }
  const awake = sound.filter(({ restsUntilMs }) => restsUntilMs <= nowMs);
  if (awake.length === 0) {
    return { state: "resting", untilMs: Math.min(...sound.map(({ restsUntilMs }) => restsUntilMs)) };
  }
  const welcome = awake.filter(({ refused }) => !refused);
  return { state: "ready", usable: welcome.length > 0 ? welcome : awake };
}

/** Where a secret may go for a slot: what secret, slot and source all allow. */
export function hostsFor(
  slot: SecretSlot,
  sourceHosts: readonly string[],
  { hosts }: Pick<Candidate, "hosts">,
): string[] {
  return intersectHosts(intersectHosts(hosts, slot.hosts), sourceHosts);
}

function faultOf(slot: SecretSlot, sourceHosts: readonly string[], secret: Candidate, nowMs: number): string | null {
  if (secret.expiresAtMs !== null && secret.expiresAtMs <= nowMs) return "its secret has expired";
  if (secret.value === null) return "its secret cannot be decrypted with the server's keys";
  if (slot.exposed && !secret.exposed)
    return "it now hands the value to the code, and its secret was assigned before: assign it again";
  if (hostsFor(slot, sourceHosts, secret).length === 0)
    return "its secret may not be sent to any host that slot and source allow";
  return null;
}

/** Why a source cannot be asked for want of secrets; empty when it can. */
export function secretProblems(
  sourceName: string,
  standings: readonly { readonly slot: SecretSlot; readonly standing: SlotStanding }[],
  nowMs: number,
): AnswerProblem[] {
  const required = standings.filter(({ slot }) => slot.required);
  const missing = required.flatMap(({ slot: { name }, standing }) => {
    if (standing.state === "empty") return [{ name, because: "no secret is assigned to it" }];
    return standing.state === "unusable" ? [{ name, because: standing.because }] : [];
  });
  const resting = required.flatMap(({ slot: { name }, standing }) =>
    standing.state === "resting" ? [{ name, untilMs: standing.untilMs }] : [],
  );
  const problems: AnswerProblem[] = [];
  if (missing.length > 0) {
    const why = missing.map(({ name, because }) => `${name} (${because})`).join(", ");
    const slots = missing.map(({ name }) => name);
    problems.push({ code: "MISSING_SECRET", message: `${sourceName} needs a secret: ${why}`, slots });
  }
  if (resting.length > 0) {
    const untilMs = Math.max(...resting.map((slot) => slot.untilMs));
    const slots = resting.map(({ name }) => name);
    const message = `The provider's limit is reached for every secret of ${slots.join(", ")}; ${sourceName} is asked again from ${new Date(untilMs).toISOString()}`;
    problems.push({ code: "BUDGET", message, slots, retryAfterMs: Math.max(0, untilMs - nowMs) });
  }
  return problems;
}
