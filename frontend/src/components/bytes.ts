const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** "512 B", "3.4 KiB", "64 MiB": in the units of the settings. */
export function bytesWords(bytes: number): string {
  // What would be written as 1024 of a unit is 1 of the next.
  const power = units.findIndex((_, at) => bytes / 1024 ** at < 1023.5);
  const at = power === -1 ? units.length - 1 : power;
  const amount = bytes / 1024 ** at;
  return `${amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)} ${units[at]}`;
}
