// The last eager boot script: the context that a source gets, and the one function through which the host enters.
(function entry(boot) {
  const { post, parse, now, exec, sourceOf, problem, describe, outcomeOf, problemJson } = boot;
  let input;
  let source;
  let isRunning = false;
  let isDone = false;

  function finish(status, json) {
    if (isDone) return;
    isDone = true;
    post("result", status, json);
  }

  const { assign, freeze } = Object;

  function makeContext(config, secrets, deadlineMs) {
    const signal = boot.once(() => {
      const { AbortController } = globalThis;
      const controller = new AbortController();
      const leftMs = deadlineMs - now();
      // A little before the end, so that a source can still give what it has.
      boot.startTimer(() => controller.abort(), leftMs - (leftMs < 1000 ? leftMs / 10 : 100), [], false);
      return controller.signal;
    });
    return {
      config,
      secrets: freeze(assign({ __proto__: null }, secrets)),
      deadline: deadlineMs,
      log: boot.log,
      http: boot.makeHttp(),
      dns: boot.makeDns(),
      get signal() {
        return signal();
      },
      notFound: () => boot.notFoundToken,
      rateLimited: boot.rateLimited,
      unauthorized: boot.unauthorized,
      badResponse: boot.badResponse,
    };
  }

  // The older shape of a source is known by its parameters: fetchData(data, kind).
  const olderShape = /^(?:async\s*)?(?:function\s*[\w$]*\s*)?\(\s*data\s*,\s*kind\s*[,)=]/;

  async function run() {
    isRunning = true;
    try {
      const { indicator, config, secrets, deadlineMs } = parse(input);
      const context = makeContext(config, secrets, deadlineMs);
      const { fetchData } = source;
      if (typeof fetchData !== "function") {
        throw problem(
          "SOURCE_ERROR",
          "fetchData is not a function: export async function fetchData(indicator, context).",
        );
      }
      const isOlder = exec(olderShape, sourceOf(fetchData)) !== null;
      const value = isOlder
        ? await fetchData(indicator.data, indicator.kind, context)
        : await fetchData(indicator, context);
      const { status, json } = outcomeOf(value);
      finish(status, json);
    } catch (error) {
      finish(2, describe(error));
    }
  }

  const operations = {
    __proto__: null,
    begin(_id, json) {
      input = json;
      if (source !== undefined && !isRunning) void run();
    },
    reply: (id, json) => boot.answered(id, json),
    tick: () => boot.tick(),
    /** The top level of the source threw. A rejection that nobody handles there looks the same, but the source began. */
    topLevelFailed(_id, text) {
      if (isRunning) return;
      const place = exec(/\bsource:(\d{1,7}):(\d{1,7})/, text);
      const line = exec(/^[^\n]*/, text)[0];
      finish(2, problemJson("SOURCE_ERROR", line, place === null ? "" : `,"line":${place[1]},"column":${place[2]}`));
    },
  };

  boot.enter = (operation, id, text) => {
    // isolated-vm reports the first unhandled rejection of an entry by reading properties of what was thrown, outside
    // every deadline. This one comes first and is a number, so no hostile one is ever looked at. Kept: it must not be collected.
    boot.guard = (async () => {
      throw 0;
    })();
    try {
      operations[operation](id, text);
    } catch (error) {
      finish(2, describe(error));
    }
  };

  // The entry module calls this when the source's top level is done. A source may call it too: it starts nothing but itself.
  boot.defineProperty(globalThis, "assay:start", {
    __proto__: null,
    value(fetchData) {
      source = { fetchData };
      if (input !== undefined && !isRunning) void run();
    },
  });
});
