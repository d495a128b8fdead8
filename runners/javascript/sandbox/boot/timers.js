// setTimeout and its like. The host keeps one clock per call and says when the earliest is due.
(function timers(boot) {
  const { post, now, apply, mapGet, mapSet, mapDelete, limits } = boot;
  const waiting = new Map();
  const forEach = boot.uncurry(Map.prototype.forEach);
  let lastId = 0;
  let pending = 0;
  let started = 0;
  let promisedAt = Infinity;

  function promise(dueAt) {
    if (dueAt >= promisedAt) return;
    promisedAt = dueAt;
    post("timer", 0, `${dueAt - now()}`);
  }

  function start(callback, delayMs, args, repeat) {
    if (typeof callback !== "function") throw new TypeError("A timer needs a function.");
    started += 1;
    if (pending >= limits.timersMax || started > limits.timersStartedMax) throw new RangeError("Too many timers.");
    const delay = +delayMs > 0 ? +delayMs : 0;
    lastId += 1;
    pending += 1;
    const timer = { callback, args, dueAt: now() + delay, everyMs: repeat ? (delay > 1 ? delay : 1) : 0 };
    mapSet(waiting, lastId, timer);
    promise(timer.dueAt);
    return lastId;
  }

  function stop(id) {
    if (mapDelete(waiting, id)) pending -= 1;
  }

  /** Runs what is due; what throws is said in the log, as nobody can catch it. */
  boot.tick = () => {
    promisedAt = Infinity;
    const time = now();
    const due = [];
    let next = Infinity;
    forEach(waiting, (timer, id) => {
      if (timer.dueAt <= time) due[due.length] = id;
      else if (timer.dueAt < next) next = timer.dueAt;
    });
    for (let index = 0; index < due.length; index += 1) {
      const id = due[index];
      const timer = mapGet(waiting, id);
      if (timer === undefined) continue;
      if (timer.everyMs > 0 && started < limits.timersStartedMax) {
        started += 1;
        timer.dueAt = time + timer.everyMs;
        if (timer.dueAt < next) next = timer.dueAt;
      } else stop(id);
      try {
        apply(timer.callback, undefined, timer.args);
      } catch (error) {
        boot.log.error(error);
      }
    }
    promise(next);
  };

  boot.startTimer = start;
  boot.stopTimer = stop;
  globalThis.setTimeout = (callback, delayMs, ...args) => start(callback, delayMs, args, false);
  globalThis.setInterval = (callback, delayMs, ...args) => start(callback, delayMs, args, true);
  globalThis.clearTimeout = stop;
  globalThis.clearInterval = stop;
  const resolved = Promise.resolve();
  const then = boot.uncurry(Promise.prototype.then);
  globalThis.queueMicrotask = (callback) => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask needs a function.");
    then(resolved, () => {
      try {
        callback();
      } catch (error) {
        boot.log.error(error);
      }
    });
  };
});
