// The one way out: a message to the egress broker, counted, and its answer.
(function egress(boot) {
  const { post, parse, mapGet, mapSet, mapDelete, problem, stringify, toWellFormed, limits } = boot;
  const waiting = new Map();
  let sent = 0;
  let sentChars = 0;

  const quote = (text) => stringify(toWellFormed(text));

  /** Asks the broker. `json` is a message of the broker's protocol; the answer is its reply, parsed. */
  boot.ask = (json) =>
    new Promise((resolve, reject) => {
      sent += 1;
      sentChars += json.length;
      const isTooMuch = json.length > limits.messageBytesMax || sentChars > limits.requestCharsMax;
      if (sent > limits.requestsMax || isTooMuch) {
        const message = isTooMuch
          ? "The source's requests are too large."
          : `A source may send ${limits.requestsMax} requests.`;
        reject(problem("SANDBOX_LIMIT", message, ',"limit":"output"'));
        return;
      }
      mapSet(waiting, sent, resolve);
      post("egress", sent, json);
    });

  boot.answered = (id, json) => {
    const resolve = mapGet(waiting, id);
    if (resolve === undefined) return;
    mapDelete(waiting, id);
    resolve(parse(json));
  };

  /** The error of a broker's refusal. */
  boot.refusal = ({ code, message, host }) => {
    const shownHost = typeof host === "string" ? host : "";
    const fields = code === "EGRESS_DENIED" ? `,"host":${quote(shownHost)}` : "";
    return problem(code, `${message}`, fields, shownHost === "" ? {} : { host: shownHost });
  };
  boot.quote = quote;
});
