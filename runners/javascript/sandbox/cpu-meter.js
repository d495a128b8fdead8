// Which call has used how much of the processor. isolated-vm's own clock is the wall's on Linux: on a busy machine it would blame
// whoever waits for his turn.

/** Milliseconds that the threads of all isolates have run for; the main thread's own are not theirs. */
function isolatesMs() {
  const all = process.cpuUsage();
  const own = process.threadCpuUsage();
  return (all.user + all.system - own.user - own.system) / 1000;
}

export const ownMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Divides what the isolates' threads run for among the calls that are entered at the time. */
export function createCpuMeter(readMs = isolatesMs) {
  /** @type {Set<{ cpuMs: number }>} */
  const entered = new Set();
  let lastMs = readMs();

  function settle() {
    // The process's clock and the thread's are read one after the other: their difference may seem to go back.
    const nowMs = Math.max(lastMs, readMs());
    for (const account of entered) account.cpuMs += (nowMs - lastMs) / entered.size;
    lastMs = nowMs;
  }

  return {
    settle,
    enter(account) {
      settle();
      entered.add(account);
    },
    leave(account) {
      settle();
      entered.delete(account);
    },
  };
}
