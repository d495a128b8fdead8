/** One line of the report. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

export const number = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });
