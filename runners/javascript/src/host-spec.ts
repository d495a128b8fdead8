import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { sharedLibrariesOf, type FenceSpec } from "@assay/runner-common";

/**
 * A context per call is most of what a call costs; these take a quarter of that away. Hashes need no seed of their own in a process
 * without secrets, heaps are small, and nobody misses `using` and half floats.
 */
const cheapContexts = [
  "--no-rehash-snapshot",
  "--no-incremental-marking",
  "--single-threaded-gc",
  "--no-js-explicit-resource-management",
  "--no-js-float16array",
];
/** A file that is there and cannot be opened, as behind Landlock, would be an error. */
const noOpensslConfig = "--openssl-config=/dev/null";
const gibibyte = 1024 ** 3;
const require = createRequire(import.meta.url);
const sandboxFolder = fileURLToPath(new URL("../sandbox", import.meta.url));

export interface HostSpecs {
  /** Runs isolates: no JIT, as most holes in V8 are holes in its JIT. */
  readonly host: FenceSpec;
  /** Strips types from one source and ends. It needs WebAssembly, so it has the JIT, but runs no user code. */
  readonly stripTypes: FenceSpec;
}

/** The native part of isolated-vm for this platform. It is only found here, never loaded. */
function nativeModulePath(): string {
  const folder = dirname(require.resolve("isolated-vm/package.json"));
  const { path } = createRequire(`${folder}/`)("node-gyp-build") as { path: (folder: string) => string };
  return path(folder);
}

/**
 * What the fenced programs of this runner are: this very Node, isolated-vm's native part, the folder `sandbox`, the libraries they need.
 * @throws Error when a shared library is missing
 */
export async function readHostSpecs(): Promise<HostSpecs> {
  const nativeModule = nativeModulePath();
  const libraries = await sharedLibrariesOf([process.execPath, nativeModule]);
  const readOnlyPaths = [
    { host: process.execPath, inside: "/runner/node" },
    { host: nativeModule, inside: "/runner/isolated-vm.node" },
    { host: sandboxFolder, inside: "/runner/sandbox" },
    ...libraries.map((path) => ({ host: path, inside: path })),
  ];
  const limits = { addressSpaceBytes: 3 * gibibyte, processes: 512, openFiles: 64, fileBytes: 0 };
  return {
    host: {
      readOnlyPaths,
      tmpBytes: 0,
      limits,
      command: [
        "/runner/node",
        noOpensslConfig,
        "--jitless",
        "--no-node-snapshot",
        "--max-old-space-size=256",
        "--enable-experimental-regexp-engine-on-excessive-backtracks",
        ...cheapContexts,
        "/runner/sandbox/host.js",
        "/runner/isolated-vm.node",
      ],
    },
    stripTypes: {
      readOnlyPaths,
      tmpBytes: 0,
      limits: { ...limits, processes: 64, cpuSeconds: 10 },
      // Without the trap handler WebAssembly reserves no address space that the limit would forbid.
      command: [
        "/runner/node",
        noOpensslConfig,
        "--disable-wasm-trap-handler",
        "--max-old-space-size=512",
        "--disable-warning=ExperimentalWarning",
        "/runner/sandbox/strip-types.js",
      ],
    },
  };
}
