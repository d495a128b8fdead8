import { setImmediate as turn } from "node:timers/promises";

const stretchMs = 8;

/** To be called often in long work: every few milliseconds it lets the event loop do everything else first. */
export function createBreather(): () => Promise<void> | void {
  let since = performance.now();
  return () => {
    if (performance.now() - since < stretchMs) return;
    return turn().then(() => void (since = performance.now()));
  };
}
