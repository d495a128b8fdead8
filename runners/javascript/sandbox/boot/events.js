// AbortController and what it stands on.
(function eventing(boot) {
  const { startTimer } = boot;

  boot.events = boot.once(() => {
    class DOMException extends Error {
      constructor(message = "", name = "Error") {
        super(message);
        Object.defineProperty(this, "name", { value: name, configurable: true, writable: true });
      }
    }

    class Event {
      defaultPrevented = false;
      target = null;
      constructor(type, { cancelable = false } = {}) {
        this.type = `${type}`;
        this.cancelable = cancelable;
      }
      preventDefault() {
        if (this.cancelable) this.defaultPrevented = true;
      }
    }

    class EventTarget {
      #listeners = [];
      addEventListener(type, callback, options) {
        if (callback === null || callback === undefined) return;
        if (this.#listeners.some((known) => known.type === type && known.callback === callback)) return;
        const isOnce = typeof options === "object" && options !== null && options.once === true;
        this.#listeners.push({ type, callback, isOnce });
      }
      removeEventListener(type, callback) {
        this.#listeners = this.#listeners.filter((known) => known.type !== type || known.callback !== callback);
      }
      dispatchEvent(event) {
        event.target = this;
        for (const { type, callback, isOnce } of [...this.#listeners]) {
          if (type !== event.type) continue;
          if (isOnce) this.removeEventListener(type, callback);
          try {
            if (typeof callback === "function") callback.call(this, event);
            else callback.handleEvent(event);
          } catch (error) {
            boot.log.error(error);
          }
        }
        return !event.defaultPrevented;
      }
    }

    const key = {};
    class AbortSignal extends EventTarget {
      aborted = false;
      reason = undefined;
      onabort = null;
      constructor(given) {
        if (given !== key) throw new TypeError("Illegal constructor");
        super();
      }
      static abort(reason) {
        const signal = new AbortSignal(key);
        abort(signal, reason);
        return signal;
      }
      static timeout(ms) {
        const signal = new AbortSignal(key);
        startTimer(() => abort(signal, new DOMException("The operation timed out.", "TimeoutError")), ms, [], false);
        return signal;
      }
      static any(signals) {
        const any = new AbortSignal(key);
        for (const signal of signals) {
          if (signal.aborted) abort(any, signal.reason);
          else signal.addEventListener("abort", () => abort(any, signal.reason), { once: true });
        }
        return any;
      }
      throwIfAborted() {
        if (this.aborted) throw this.reason;
      }
    }

    function abort(signal, reason = new DOMException("This operation was aborted", "AbortError")) {
      if (signal.aborted) return;
      signal.aborted = true;
      signal.reason = reason;
      const event = new Event("abort");
      if (typeof signal.onabort === "function") signal.onabort(event);
      signal.dispatchEvent(event);
    }

    class AbortController {
      signal = new AbortSignal(key);
      abort(reason) {
        abort(this.signal, reason);
      }
    }

    return { DOMException, Event, EventTarget, AbortSignal, AbortController };
  });
});
