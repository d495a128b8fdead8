// First of all boot scripts: takes what the others need before user code can change it, and takes away what no limit holds for.
(function primordials(boot) {
  const { apply, construct } = Reflect;
  const { defineProperty } = Object;

  /** A method as a function of its receiver, which no later change of the prototype can replace. */
  const uncurry =
    (method) =>
    (self, ...args) =>
      apply(method, self, args);

  boot.apply = apply;
  boot.construct = construct;
  boot.defineProperty = defineProperty;
  boot.uncurry = uncurry;
  boot.stringify = JSON.stringify;
  boot.parse = JSON.parse;
  boot.now = Date.now;
  boot.slice = uncurry(String.prototype.slice);
  boot.toWellFormed = uncurry(String.prototype.toWellFormed);
  boot.toText = String;
  boot.get = uncurry(WeakMap.prototype.get);
  boot.set = uncurry(WeakMap.prototype.set);
  boot.mapGet = uncurry(Map.prototype.get);
  boot.mapSet = uncurry(Map.prototype.set);
  boot.mapDelete = uncurry(Map.prototype.delete);
  boot.exec = uncurry(RegExp.prototype.exec);
  boot.sourceOf = uncurry(Function.prototype.toString);

  // Memory outside every limit of the isolate, callbacks outside every deadline, threads.
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "FinalizationRegistry", "WeakRef"]) {
    delete globalThis[name];
  }
  // The constructor can make buffers that grow outside every limit. It comes back as one that cannot (see lazy.js);
  // without these two properties nothing leads to it.
  boot.NativeArrayBuffer = ArrayBuffer;
  delete ArrayBuffer.prototype.constructor;
  delete globalThis.ArrayBuffer;

  /** A group of things that is made once, when it is first used. */
  boot.once = (make) => {
    let made;
    return () => (made ??= make());
  };
});
