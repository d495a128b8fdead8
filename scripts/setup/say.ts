/** One line of progress for the person who started a script. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says `what` and, once `work` is done, how long it took. For steps that may take longer than a moment. */
export async function sayWhile<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const startedAtMs = performance.now();
  say(`  ${what} …`);
  const result = await work();
  say(`  ${what}: done in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return result;
}
