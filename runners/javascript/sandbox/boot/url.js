// URL and URLSearchParams. Parsing is the host's (it has the whole standard, IDNA included); this keeps what it says.
(function urls(boot) {
  const { sync, stringify, parse } = boot;

  boot.url = boot.once(() => {
    function encode(text) {
      return encodeURIComponent(`${text}`.toWellFormed())
        .replace(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll("%20", "+");
    }

    function decode(text) {
      const spaced = text.replaceAll("+", " ");
      try {
        return decodeURIComponent(spaced);
      } catch {
        const binary = unescape(encodeURIComponent(spaced.toWellFormed()).replace(/%25([0-9A-Fa-f]{2})/g, "%$1"));
        return boot.encoding().decodeUtf8(Uint8Array.from(binary, (byte) => byte.charCodeAt(0)));
      }
    }

    function pairsOf(init) {
      if (init === undefined || init === null) return [];
      if (typeof init === "object") {
        const entries = typeof init[Symbol.iterator] === "function" ? [...init] : Object.entries(init);
        return entries.map(([name, value]) => [`${name}`, `${value}`]);
      }
      const text = `${init}`.replace(/^\?/, "");
      return text
        .split("&")
        .filter((part) => part !== "")
        .map((part) => {
          const at = part.indexOf("=");
          return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
        });
    }

    class URLSearchParams {
      #pairs;
      /** Tells the URL that these are the parameters of. */
      #changed = () => {};
      constructor(init) {
        this.#pairs = pairsOf(init);
      }
      static of(init, changed) {
        const params = new URLSearchParams(init);
        params.#changed = changed;
        return params;
      }
      get size() {
        return this.#pairs.length;
      }
      append(name, value) {
        this.#pairs.push([`${name}`, `${value}`]);
        this.#changed(this);
      }
      delete(name, value) {
        this.#pairs = this.#pairs.filter(
          (pair) => pair[0] !== `${name}` || (value !== undefined && pair[1] !== `${value}`),
        );
        this.#changed(this);
      }
      get(name) {
        return this.#pairs.find((pair) => pair[0] === `${name}`)?.[1] ?? null;
      }
      getAll(name) {
        return this.#pairs.filter((pair) => pair[0] === `${name}`).map((pair) => pair[1]);
      }
      has(name, value) {
        return this.#pairs.some((pair) => pair[0] === `${name}` && (value === undefined || pair[1] === `${value}`));
      }
      set(name, value) {
        const first = this.#pairs.findIndex((pair) => pair[0] === `${name}`);
        if (first < 0) return this.append(name, value);
        this.#pairs = this.#pairs.filter((pair, index) => index <= first || pair[0] !== `${name}`);
        this.#pairs[first] = [`${name}`, `${value}`];
        this.#changed(this);
      }
      sort() {
        this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
        this.#changed(this);
      }
      forEach(callback, self) {
        for (const [name, value] of this.#pairs) callback.call(self, value, name, this);
      }
      *entries() {
        for (const [name, value] of this.#pairs) yield [name, value];
      }
      *keys() {
        for (const [name] of this.#pairs) yield name;
      }
      *values() {
        for (const [, value] of this.#pairs) yield value;
      }
      [Symbol.iterator]() {
        return this.entries();
      }
      toString() {
        return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
      }
    }

    const { of } = URLSearchParams;
    delete URLSearchParams.of;

    class URL {
      #parts;
      #params;
      constructor(url, base) {
        const json = sync("url", stringify(base === undefined ? [`${url}`] : [`${url}`, `${base}`]));
        if (json === "") throw new TypeError(`Invalid URL: ${`${url}`.slice(0, 200)}`);
        this.#parts = parse(json);
      }
      static canParse(url, base) {
        return URL.parse(url, base) !== null;
      }
      static parse(url, base) {
        try {
          return new URL(url, base);
        } catch {
          return null;
        }
      }
      /** Gives and takes a part; called for each below. */
      static part(url, name) {
        return url.#parts[name];
      }
      static change(url, name, value) {
        const json = sync("urlWith", stringify([url.#parts.href, name, `${value}`]));
        if (json !== "") url.#parts = parse(json);
        else if (name === "href") throw new TypeError("Invalid URL");
        if (name === "href" || name === "search") url.#params = undefined;
      }
      get searchParams() {
        return (this.#params ??= of(this.search, (params) => {
          change(this, "search", params);
          this.#params = params;
        }));
      }
      toString() {
        return this.href;
      }
      toJSON() {
        return this.href;
      }
    }
    const { part, change } = URL;
    delete URL.part;
    delete URL.change;
    const changeable = [
      "href",
      "protocol",
      "username",
      "password",
      "host",
      "hostname",
      "port",
      "pathname",
      "search",
      "hash",
    ];
    for (const name of [...changeable, "origin"]) {
      Object.defineProperty(URL.prototype, name, {
        configurable: true,
        enumerable: true,
        get() {
          return part(this, name);
        },
        ...(name === "origin"
          ? {}
          : {
              set(value) {
                change(this, name, value);
              },
            }),
      });
    }
    return { URL, URLSearchParams };
  });
});
