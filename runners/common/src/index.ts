export {
  createEgressBroker,
  type EgressBroker,
  type EgressLease,
  type EgressOptions,
  type LeaseRequest,
} from "./egress/broker.ts";
export { dnsQueryName } from "./egress/dns-lookup.ts";
export type { DnsMessage, DnsRecord, EgressReply, HttpMessage } from "./egress/messages.ts";
export { runAlone } from "./run-alone.ts";
export {
  sandboxLimits,
  type CodeUnit,
  type Diagnostic,
  type Executor,
  type LogLevel,
  type SandboxCall,
  type SandboxOutcome,
  type SandboxProblem,
} from "./executor.ts";
export { isTooDeep, resultDepthMax } from "./json-depth.ts";
export { createEfforts, type Efforts } from "./effort.ts";
export { FenceError } from "./fence/fence-remedy.ts";
export type { Fence, FenceLimits, FenceSpec } from "./fence/fence-spec.ts";
export { detectFence, type FenceChoice } from "./fence/fence.ts";
export { fenceArch } from "./fence/machine.ts";
export { leafSeccompFilter, ownPidPlaceholder } from "./fence/seccomp-filter.ts";
export { sharedLibrariesOf } from "./fence/shared-libraries.ts";
export { spawnFenced } from "./fence/spawn-fenced.ts";
export type { FencedChild, FencedExit } from "./fence/fenced-child.ts";
export { EgressSettingError, openBroker, runRunnerProcess, type ExecutorParts } from "./run-runner-process.ts";
export { startRunner, type RunnerOptions, type RunningRunner } from "./start-runner.ts";
export { withoutHalves } from "./well-formed-json.ts";
