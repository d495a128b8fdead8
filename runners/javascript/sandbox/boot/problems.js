// Errors that carry an outcome. Only code of this closure can put an error into `problems`, so no text can forge one.
(function problems(boot) {
  const { get, set, stringify, slice, toWellFormed, toText, exec, limits } = boot;
  const known = new WeakMap();
  const notFoundToken = Object.freeze({ __proto__: null, notFound: true });

  const quote = (text) => stringify(toWellFormed(slice(text, 0, limits.problemMessageCharsMax)));

  /** JSON made by concatenation: a `toJSON` of user code has no say in it. `fields` holds finished JSON texts. */
  function problemJson(code, message, fields) {
    return `{"code":"${code}","message":${quote(message)}${fields}}`;
  }

  const classOfProblems = boot.once(
    () =>
      class SourceProblem extends Error {
        get name() {
          return "SourceProblem";
        }
      },
  );

  /** An error that, uncaught or returned, becomes the source's outcome. */
  boot.problem = (code, message, fields = "", shown = {}) => {
    const SourceProblem = classOfProblems();
    const error = new SourceProblem(message);
    for (const key in shown) error[key] = shown[key];
    error.code = code;
    set(known, error, problemJson(code, message, fields));
    return error;
  };

  /** The author's line and column: the first frame of the stack that is in the source. */
  function placeOf(error) {
    const { stack } = error;
    if (typeof stack !== "string") return "";
    const place = exec(/\bsource:(\d{1,7}):(\d{1,7})/, slice(stack, 0, 20_000));
    return place === null ? "" : `,"line":${place[1]},"column":${place[2]}`;
  }

  function messageOf(error) {
    if ((typeof error !== "object" && typeof error !== "function") || error === null) return toText(error);
    const { message, name } = error;
    const text = typeof message === "string" ? message : "an object that is not an Error was thrown";
    return typeof name === "string" && name !== "Error" && name !== "" ? `${slice(name, 0, 100)}: ${text}` : text;
  }

  /** The problem of anything thrown. May run user code (getters), so it belongs inside the deadline. */
  function describe(error) {
    const isObject = (typeof error === "object" && error !== null) || typeof error === "function";
    const problem = isObject ? get(known, error) : undefined;
    if (problem !== undefined) return problem;
    let message = "the source threw something that cannot be described";
    let place = "";
    try {
      message = messageOf(error);
      if (isObject) place = placeOf(error);
    } catch {
      // A hostile getter: what is known so far has to do.
    }
    return problemJson("SOURCE_ERROR", message, place);
  }

  /**
   * Turns what the source returned into a status and JSON, as JSON.stringify sees it: `toJSON` is called, dates become text; undefined,
   * functions and symbols are left out of objects; NaN and infinities are null. BAD_RESPONSE: nothing, null, a function, a symbol, a
   * cycle, a BigInt, a getter that throws, more than 1 MiB.
   */
  function outcomeOf(value) {
    if (value === notFoundToken) return { status: 1, json: "" };
    const bad = (message) => ({ status: 2, json: problemJson("BAD_RESPONSE", message, "") });
    if (value === undefined || value === null) {
      return bad("The source returned nothing: return an object or context.notFound().");
    }
    if (typeof value === "object" && get(known, value) !== undefined) return { status: 2, json: get(known, value) };
    let json;
    try {
      json = stringify(value);
    } catch (error) {
      let reason = "";
      try {
        reason = `: ${messageOf(error)}`;
      } catch {
        // A hostile getter.
      }
      return bad(`What the source returned cannot be written as JSON${reason}`);
    }
    if (typeof json !== "string")
      return bad(`The source returned a ${typeof value}: return an object or context.notFound().`);
    if (json.length > limits.resultBytesMax) {
      return bad(`The source returned ${json.length} characters of JSON; ${limits.resultBytesMax} bytes are allowed.`);
    }
    return { status: 0, json };
  }

  boot.describe = describe;
  boot.outcomeOf = outcomeOf;
  boot.problemJson = problemJson;
  boot.notFoundToken = notFoundToken;
});
