// structuredClone, for the values that the structured clone algorithm knows and sources have.
(function clones(boot) {
  boot.cloning = boot.once(() => {
    const refuse = (value) => {
      const { DOMException } = boot.events();
      throw new DOMException(`${String(value).slice(0, 100)} could not be cloned.`, "DataCloneError");
    };
    const errors = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

    function cloneError(error, seen, clone) {
      const Kind = errors[error.name] ?? Error;
      const copy = new Kind(error.message);
      seen.set(error, copy);
      copy.stack = error.stack;
      if ("cause" in error) copy.cause = clone(error.cause);
      return copy;
    }

    function cloneView(view, clone) {
      const buffer = clone(view.buffer);
      const Kind = view.constructor;
      return view instanceof DataView
        ? new DataView(buffer, view.byteOffset, view.byteLength)
        : new Kind(buffer, view.byteOffset, view.length);
    }

    function cloneObject(value, seen, clone) {
      const keep = (copy) => {
        seen.set(value, copy);
        return copy;
      };
      if (value instanceof Date) return keep(new Date(value.getTime()));
      if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
      if (value instanceof Boolean || value instanceof Number || value instanceof String)
        return keep(Object(value.valueOf()));
      if (value instanceof ArrayBuffer) return keep(value.slice(0));
      if (ArrayBuffer.isView(value)) return keep(cloneView(value, clone));
      if (value instanceof Error) return cloneError(value, seen, clone);
      if (value instanceof Map) {
        const copy = keep(new Map());
        for (const [key, item] of value) copy.set(clone(key), clone(item));
        return copy;
      }
      if (value instanceof Set) {
        const copy = keep(new Set());
        for (const item of value) copy.add(clone(item));
        return copy;
      }
      if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return refuse(value);
      const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
      for (const key of Object.keys(value)) {
        Object.defineProperty(copy, key, {
          value: clone(value[key]),
          configurable: true,
          enumerable: true,
          writable: true,
        });
      }
      return copy;
    }

    function structuredClone(value) {
      const seen = new Map();
      const clone = (item) => {
        if (typeof item === "function" || typeof item === "symbol") return refuse(item);
        if (typeof item !== "object" || item === null) return item;
        return seen.get(item) ?? cloneObject(item, seen, clone);
      };
      return clone(value);
    }
    return { structuredClone };
  });
});
