import { auditArch, firstUnknownSystemCall, systemCalls, type FenceArch, type SystemCall } from "./system-calls.ts";

export type SeccompAction = "allow" | "kill" | { readonly errno: number };

/** A look at the low 32 bits of one argument (0-5) of the system call. */
export interface ArgumentTest {
  readonly argument: number;
  readonly is: "equal" | "anyBitOf" | "noBitOf";
  readonly value: number;
}

export interface SeccompRule {
  readonly call: SystemCall;
  readonly action: SeccompAction;
  /** The rule fires when one of them holds; without tests it always fires. */
  readonly whenAny?: readonly ArgumentTest[];
}

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];

// <linux/bpf_common.h>; offsets are those of struct seccomp_data, little-endian.
const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpGreaterOrEqual = 0x35;
const jumpSet = 0x45;
const returnConstant = 0x06;
const offsetNumber = 0;
const offsetArch = 4;
const offsetArguments = 16;
const x32Bit = 0x40000000;
const errnoNoSys = 38;

function returns(action: SeccompAction): Instruction {
  if (action === "allow") return [returnConstant, 0, 0, 0x7fff0000];
  if (action === "kill") return [returnConstant, 0, 0, 0x80000000];
  return [returnConstant, 0, 0, 0x00050000 | action.errno];
}

function testInstructions(test: ArgumentTest, action: SeccompAction): Instruction[] {
  const load: Instruction = [loadWord, 0, 0, offsetArguments + 8 * test.argument];
  const jump = test.is === "equal" ? jumpEqual : jumpSet;
  const [jumpTrue, jumpFalse] = test.is === "noBitOf" ? [1, 0] : [0, 1];
  return [load, [jump, jumpTrue, jumpFalse, test.value], returns(action)];
}

function ruleInstructions(rule: SeccompRule, arch: FenceArch): Instruction[] {
  const number = systemCalls[rule.call][arch === "x64" ? 0 : 1];
  if (number < 0) return [];
  if (rule.whenAny === undefined) return [[jumpEqual, 0, 1, number], returns(rule.action)];
  const tests = rule.whenAny.flatMap((test) => testInstructions(test, rule.action));
  return [[jumpEqual, 0, tests.length + 1, number], ...tests, [loadWord, 0, 0, offsetNumber]];
}

/**
 * Assembles a classic BPF program for seccomp, as `bwrap --seccomp` and `prctl(PR_SET_SECCOMP)` take it.
 * A foreign architecture is killed; x32 and numbers unknown to the table answer ENOSYS; rules fire in order; the rest is allowed.
 */
export function assembleSeccomp(rules: readonly SeccompRule[], arch: FenceArch): Buffer {
  const program: Instruction[] = [
    [loadWord, 0, 0, offsetArch],
    [jumpEqual, 1, 0, auditArch[arch]],
    returns("kill"),
    [loadWord, 0, 0, offsetNumber],
    ...(arch === "x64" ? [[jumpSet, 0, 1, x32Bit] as const, returns({ errno: errnoNoSys })] : []),
    [jumpGreaterOrEqual, 0, 1, firstUnknownSystemCall],
    returns({ errno: errnoNoSys }),
    ...rules.flatMap((rule) => ruleInstructions(rule, arch)),
    returns("allow"),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, jumpTrue, jumpFalse, k]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jumpTrue, index * 8 + 2);
    bytes.writeUInt8(jumpFalse, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  }
  return bytes;
}
