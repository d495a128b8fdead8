// fetch, Headers, Request, Response: what sources use of them; bodies are whole, not streams.
(function fetches(boot) {
  const { stringify, parse } = boot;

  boot.fetching = boot.once(() => {
    const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

    class Headers {
      #map = new Map();
      constructor(init) {
        if (init === undefined || init === null) return;
        const entries = typeof init[Symbol.iterator] === "function" ? init : Object.entries(init);
        for (const [name, value] of entries) this.append(name, value);
      }
      #key(name) {
        const key = `${name}`.toLowerCase();
        if (!token.test(key)) throw new TypeError(`Not a header name: ${stringify(key.slice(0, 100))}`);
        return key;
      }
      append(name, value) {
        const key = this.#key(name);
        const before = this.#map.get(key);
        const text = `${value}`.trim();
        this.#map.set(key, before === undefined ? text : `${before}, ${text}`);
      }
      set(name, value) {
        this.#map.set(this.#key(name), `${value}`.trim());
      }
      get(name) {
        return this.#map.get(this.#key(name)) ?? null;
      }
      has(name) {
        return this.#map.has(this.#key(name));
      }
      delete(name) {
        this.#map.delete(this.#key(name));
      }
      forEach(callback, self) {
        for (const [name, value] of this) callback.call(self, value, name, this);
      }
      *entries() {
        for (const name of [...this.#map.keys()].sort((a, b) => (a < b ? -1 : 1))) yield [name, this.#map.get(name)];
      }
      *keys() {
        for (const [name] of this.entries()) yield name;
      }
      *values() {
        for (const [, value] of this.entries()) yield value;
      }
      [Symbol.iterator]() {
        return this.entries();
      }
    }

    /** What Request and Response have in common. `content` is undefined, text, or bytes. */
    class Body {
      #content;
      bodyUsed = false;
      constructor(content) {
        this.#content = content;
      }
      static contentOf(body) {
        return body.#content;
      }
      #take() {
        if (this.bodyUsed) throw new TypeError("Body is unusable: Body has already been read");
        if (this.#content !== undefined) this.bodyUsed = true;
        return this.#content;
      }
      async text() {
        const content = this.#take() ?? "";
        return typeof content === "string" ? content : boot.encoding().decodeUtf8(content);
      }
      async json() {
        return parse(await this.text());
      }
      async bytes() {
        return boot.encoding().bytesOf(this.#take() ?? "");
      }
      async arrayBuffer() {
        return (await this.bytes()).slice().buffer;
      }
    }
    const { contentOf } = Body;
    delete Body.contentOf;

    function contentFrom(body, headers) {
      if (body === undefined || body === null) return undefined;
      const type = (text) => {
        if (!headers.has("content-type")) headers.set("content-type", text);
      };
      if (typeof body === "string") {
        type("text/plain;charset=UTF-8");
        return body;
      }
      if (body instanceof boot.url().URLSearchParams) {
        type("application/x-www-form-urlencoded;charset=UTF-8");
        return `${body}`;
      }
      return boot.encoding().bytesOf(body);
    }

    class Request extends Body {
      constructor(input, init = {}) {
        const base = input instanceof Request ? input : undefined;
        const headers = new Headers(init.headers ?? base?.headers);
        super(init.body === undefined && base !== undefined ? contentOf(base) : contentFrom(init.body, headers));
        this.headers = headers;
        this.url = base?.url ?? new (boot.url().URL)(input).href;
        this.method = `${init.method ?? base?.method ?? "GET"}`.toUpperCase();
        this.redirect = boot.redirectOf(init.redirect ?? base?.redirect);
        this.signal = init.signal ?? base?.signal ?? null;
        if (contentOf(this) !== undefined && (this.method === "GET" || this.method === "HEAD")) {
          throw new TypeError("Request with GET/HEAD method cannot have body.");
        }
      }
      clone() {
        return new Request(this);
      }
    }

    class Response extends Body {
      constructor(body, { status = 200, statusText = "", headers, url = "", redirected = false } = {}) {
        const own = new Headers(headers);
        super(contentFrom(body, own));
        Object.assign(this, { status, statusText, headers: own, url, redirected, type: "default" });
      }
      get ok() {
        return this.status >= 200 && this.status < 300;
      }
      clone() {
        if (this.bodyUsed) throw new TypeError("Response.clone: Body has already been consumed.");
        return new Response(contentOf(this), this);
      }
      static json(value, init = {}) {
        const headers = new Headers(init.headers);
        if (!headers.has("content-type")) headers.set("content-type", "application/json");
        return new Response(stringify(value), { ...init, headers });
      }
      static error() {
        return Object.assign(new Response(undefined, {}), { status: 0, type: "error" });
      }
    }

    async function fetch(input, init) {
      const request = new Request(input, init);
      const { signal } = request;
      signal?.throwIfAborted();
      const { method, url, headers, redirect } = request;
      const answer = boot.send({ method, url, headers: [...headers], body: contentOf(request), redirect });
      const aborted = new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      const reply = await Promise.race([answer, aborted]);
      const content = reply.bodyText ?? boot.encoding().fromBase64(reply.bodyBase64);
      const { status, statusText, redirected } = reply;
      // Set by hand: contentFrom would add a content type that the upstream did not give.
      const response = new Response(content, { status, statusText, url: reply.url, redirected });
      response.headers = new Headers(reply.headers);
      return response;
    }

    return { fetch, Headers, Request, Response };
  });
});
