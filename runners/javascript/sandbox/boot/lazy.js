// Globals that are made when they are first used, so that a context that does not use them stays cheap.
// They come from a prototype of the global object: properties of its own cost 5 µs each in every context.
(function lazyGlobals(boot) {
  const { construct, defineProperty } = boot;
  const { get, has } = Reflect;

  boot.buffers = boot.once(() => {
    const { NativeArrayBuffer } = boot;
    const Fixed = new Proxy(NativeArrayBuffer, {
      __proto__: null,
      // The second argument could ask for a resizable buffer.
      construct: (target, args, newTarget) => construct(target, [args[0]], newTarget),
    });
    defineProperty(NativeArrayBuffer.prototype, "constructor", {
      __proto__: null,
      configurable: true,
      writable: true,
      value: Fixed,
    });
    return { ArrayBuffer: Fixed };
  });

  /** Global name → the function of `boot` that makes its group. */
  const groups = {
    __proto__: null,
    ArrayBuffer: "buffers",
    URL: "url",
    URLSearchParams: "url",
    TextEncoder: "encoding",
    TextDecoder: "encoding",
    atob: "encoding",
    btoa: "encoding",
    AbortController: "events",
    AbortSignal: "events",
    DOMException: "events",
    Event: "events",
    EventTarget: "events",
    fetch: "fetching",
    Headers: "fetching",
    Request: "fetching",
    Response: "fetching",
    structuredClone: "cloning",
    crypto: "crypto",
  };

  const lazy = new Proxy(Object.prototype, {
    __proto__: null,
    has: (target, name) => groups[name] !== undefined || has(target, name),
    get(target, name, receiver) {
      const group = groups[name];
      if (group === undefined || receiver !== globalThis) return get(target, name, receiver);
      const value = boot[group]()[name];
      defineProperty(globalThis, name, { __proto__: null, configurable: true, writable: true, value });
      return value;
    },
  });
  Object.setPrototypeOf(globalThis, lazy);
});
