import type { CachedAnswer } from "./cached-answer.ts";

/** What comes to a follower: the answer, or the call itself, as whoever made it stopped before there was an answer for others. */
export type Arrival = { readonly answer: CachedAnswer } | "lead" | "left";

export type Seat =
  | { readonly role: "leader"; readonly end: (answer: CachedAnswer | null) => void }
  | {
      readonly role: "follower";
      readonly arrival: Promise<Arrival>;
      readonly end: (answer: CachedAnswer | null) => void;
    };

/**
 * Calls under way in this process, each once:
 *
 *     first to come ─▶ leader ──answer──▶ all followers have it
 *                        └────stopped───▶ the follower that waits longest is the leader
 */
export interface Flights {
  /** Joins what is under way, or begins it. Whoever leads calls `end`, which counts once; `signal` ends the waiting. */
  join(digest: string, signal: AbortSignal): Seat;
}

export function createFlights(): Flights {
  const flights = new Map<string, Set<(arrival: Arrival) => void>>();
  const end = (digest: string, answer: CachedAnswer | null): void => {
    const followers = flights.get(digest);
    if (!followers) return;
    if (answer === null) {
      const [next] = followers;
      if (next) {
        followers.delete(next);
        return next("lead");
      }
    }
    flights.delete(digest);
    if (answer) for (const follower of followers) follower({ answer });
  };
  return {
    join(digest, signal) {
      const followers = flights.get(digest);
      let leads = followers === undefined;
      const seat = {
        end(answer: CachedAnswer | null) {
          if (!leads) return;
          leads = false;
          end(digest, answer);
        },
      };
      if (!followers) {
        flights.set(digest, new Set());
        return { role: "leader", ...seat };
      }
      const arrival = new Promise<Arrival>((resolve) => {
        const arrive = (what: Arrival): void => {
          signal.removeEventListener("abort", leave);
          leads = what === "lead";
          resolve(what);
        };
        const leave = (): void => {
          followers.delete(arrive);
          arrive("left");
        };
        followers.add(arrive);
        if (signal.aborted) leave();
        else signal.addEventListener("abort", leave, { once: true });
      });
      return { role: "follower", arrival, ...seat };
    },
  };
}
