// console and context.log: one line each, bounded in number and length.
(function logs(boot) {
  const { post, stringify, slice, toWellFormed, toText, limits } = boot;
  const levels = ["debug", "info", "warn", "error"];
  let left = limits.logLinesMax;

  function show(value) {
    if (typeof value === "string") return value;
    if (typeof value !== "object" || value === null) return toText(value);
    if (value instanceof Error) return `${value.stack ?? value.message}`;
    try {
      return stringify(value) ?? toText(value);
    } catch {
      return "[an object that cannot be shown]";
    }
  }

  function write(level, values) {
    if (left < 0) return;
    left -= 1;
    if (left < 0) {
      post("log", 2, `More than ${limits.logLinesMax} lines: the rest is left out.`);
      return;
    }
    let line = "";
    for (let index = 0; index < values.length && line.length <= limits.logLineCharsMax; index += 1) {
      line += (index === 0 ? "" : " ") + slice(show(values[index]), 0, limits.logLineCharsMax + 1);
    }
    const isLong = line.length > limits.logLineCharsMax;
    post("log", level, toWellFormed(isLong ? `${slice(line, 0, limits.logLineCharsMax - 1)}…` : line));
  }

  const log = {};
  for (let level = 0; level < levels.length; level += 1) log[levels[level]] = (...values) => write(level, values);
  boot.log = log;
  globalThis.console = { ...log, log: log.info, trace: log.debug };
});
