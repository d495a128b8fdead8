import type { Attack } from "./attack.ts";
import { deceit } from "./deceit.ts";
import { escape } from "./escape.ts";
import { exhaustion } from "./exhaustion.ts";
import { oddResults, results } from "./results.ts";

/** Every attack on the Python runner. */
export const attacks: readonly Attack[] = [...exhaustion, ...escape, ...deceit, ...results, ...oddResults];
