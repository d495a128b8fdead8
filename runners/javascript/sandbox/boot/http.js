// context.http and context.dns.
(function http(boot) {
  const { ask, refusal, quote, problem, parse, uncurry, limits } = boot;
  const encode = encodeURIComponent;
  const replaceAll = uncurry(String.prototype.replaceAll);
  const includes = uncurry(String.prototype.includes);
  const indexOf = uncurry(String.prototype.indexOf);
  const slice = boot.slice;
  const toLowerCase = uncurry(String.prototype.toLowerCase);
  const toUpperCase = uncurry(String.prototype.toUpperCase);
  const entriesOf = Object.entries;
  const isArray = Array.isArray;

  /** `{ a: 1, b: [2, 3] }` as `a=1&b=2&b=3`; undefined and null are left out. */
  function formText(fields) {
    if (typeof fields === "string") return fields;
    let text = "";
    const add = (name, value) => {
      if (value === undefined || value === null) return;
      text += `${text === "" ? "" : "&"}${plus(encode(name))}=${plus(encode(`${value}`))}`;
    };
    for (const [name, value] of entriesOf(fields)) {
      if (isArray(value)) for (const item of value) add(name, item);
      else add(name, value);
    }
    return text;
  }
  const plus = (text) => replaceAll(text, "%20", "+");

  function withQuery(url, query) {
    if (query === undefined) return url;
    const text = formText(query);
    if (text === "") return url;
    const hash = indexOf(url, "#");
    const base = hash < 0 ? url : slice(url, 0, hash);
    return `${base}${includes(base, "?") ? "&" : "?"}${text}${hash < 0 ? "" : slice(url, hash)}`;
  }

  /** The broker's message for one request, by concatenation: user code has no say in its shape. */
  function requestJson({ method, url, headers, body, redirect, timeoutMs }) {
    let list = "";
    for (const [name, value] of headers) list += `${list === "" ? "" : ","}[${quote(name)},${quote(value)}]`;
    let json = `{"op":"http","method":${quote(method)},"url":${quote(url)},"headers":[${list}],"redirect":"${redirect}"`;
    if (typeof body === "string") json += `,"bodyText":${quote(body)}`;
    else if (body !== undefined) json += `,"bodyBase64":${quote(boot.encoding().toBase64(body))}`;
    if (timeoutMs !== undefined) json += `,"timeoutMs":${timeoutMs}`;
    return `${json}}`;
  }

  /** Sends one request; throws the broker's refusal. */
  boot.send = async (request) => {
    const reply = await ask(requestJson(request));
    if (reply.ok !== true) throw refusal(reply);
    return reply;
  };

  const redirects = { follow: "follow", manual: "manual", error: "error" };
  boot.redirectOf = (name = "follow") => {
    const redirect = redirects[name];
    if (redirect === undefined) throw new TypeError("redirect is one of follow, manual, error.");
    return redirect;
  };

  function bodyOf({ json, form, body }, headers) {
    const setType = (type) => {
      for (const [name] of headers) if (toLowerCase(name) === "content-type") return;
      headers[headers.length] = ["content-type", type];
    };
    if (json !== undefined) {
      setType("application/json");
      return boot.stringify(json);
    }
    if (form !== undefined) {
      setType("application/x-www-form-urlencoded");
      return formText(form);
    }
    if (body === undefined || typeof body === "string") return body;
    return boot.encoding().bytesOf(body);
  }

  function responseOf(reply) {
    const headers = { __proto__: null };
    for (const [name, value] of reply.headers) {
      const key = toLowerCase(name);
      headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
    }
    const { status, statusText, url, redirected, bodyText, bodyBase64 } = reply;
    const bytes = () =>
      bodyText === undefined ? boot.encoding().fromBase64(bodyBase64) : boot.encoding().encodeUtf8(bodyText);
    const text = bodyText ?? boot.encoding().decodeUtf8(bytes());
    return {
      status,
      statusText,
      url,
      redirected,
      ok: status >= 200 && status < 300,
      headers,
      text,
      bytes,
      json() {
        try {
          return parse(text);
        } catch {
          throw problem(
            "BAD_RESPONSE",
            `The answer of ${slice(url, 0, 200)} is not JSON: ${quote(slice(text, 0, 80))}`,
          );
        }
      },
    };
  }

  function retryAfterMsOf(value) {
    if (value === undefined) return 0;
    const seconds = +value;
    const ms = seconds >= 0 ? seconds * 1000 : Date.parse(value) - boot.now();
    return ms > 0 ? (ms < 4_000_000_000 ? Math.ceil(ms) : 4_000_000_000) : 0;
  }

  boot.rateLimited = (retryAfterMs = 0, message = "The provider's rate limit is reached.") => {
    const ms = +retryAfterMs >= 0 && +retryAfterMs < 4_294_967_295 ? Math.ceil(+retryAfterMs) : 0;
    return problem("RATE_LIMITED", `${message}`, `,"retryAfterMs":${ms}`, { retryAfterMs: ms });
  };
  boot.unauthorized = (message = "The provider refused the credentials.") => problem("UNAUTHORIZED", `${message}`);

  boot.badResponse = (message = "The provider's answer is not of the shape that the source knows.") =>
    problem("BAD_RESPONSE", `${message}`);

  /** The outcome that a status means whatever the provider; undefined where the source has to say. */
  function statusProblem({ status, url, headers }) {
    const where = `${slice(url, 0, 200)} answered ${status}`;
    if (status === 401) return boot.unauthorized(`${where}: the provider refused the credentials.`);
    if (status === 403) return problem("FORBIDDEN", `${where}: the credentials do not allow this.`);
    // 509: Bandwidth Limit Exceeded, which some providers say for a limit of calls.
    if (status === 429 || status === 509)
      return boot.rateLimited(retryAfterMsOf(headers["retry-after"]), `${where}: too many requests.`);
    if (status >= 500) return problem("UPSTREAM_ERROR", `${where}.`, `,"status":${status}`, { status });
    return undefined;
  }

  async function request(method, url, options = {}) {
    const headers = entriesOf(options.headers ?? {}).map(([name, value]) => [name, `${value}`]);
    const body = bodyOf(options, headers);
    const { timeoutMs } = options;
    const reply = await boot.send({
      method: toUpperCase(`${method}`),
      url: withQuery(`${url}`, options.query),
      headers,
      body,
      redirect: boot.redirectOf(options.redirect),
      timeoutMs: timeoutMs > 0 && timeoutMs < limits.timeoutMsMax ? Math.ceil(timeoutMs) : undefined,
    });
    const response = responseOf(reply);
    const failure = options.throwOnStatus === false ? undefined : statusProblem(response);
    if (failure !== undefined) {
      failure.response = response;
      throw failure;
    }
    return response;
  }

  boot.makeHttp = () => ({
    request,
    get: (url, options) => request("GET", url, options),
    post: (url, options) => request("POST", url, options),
  });

  boot.makeDns = () => ({
    async resolve(name, type = "A") {
      const reply = await ask(`{"op":"dns","name":${quote(`${name}`)},"type":${quote(`${type}`)}}`);
      if (reply.ok !== true) throw refusal(reply);
      return { rcode: reply.rcode, records: reply.records };
    },
  });
  boot.formText = formText;
});
