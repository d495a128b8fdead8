import { type Assertion, ExpressionError, type Node, parseExpression, type Range } from "./expression-parse.ts";

/** A compiled expression. */
export interface Expression {
  /** Whether it matches anywhere in the text; linear in its length, whatever the expression. */
  test(text: string): boolean;
  /** Lower-case ASCII that every match holds, so that texts without it need not be tried; empty where there is none. */
  readonly literal: string;
}

type Step =
  | { readonly op: "set"; readonly ranges: readonly Range[] }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { readonly op: "assert"; readonly what: Assertion }
  | { readonly op: "match" };

/** A text of 8192 characters costs this many times 8192 steps at the most. */
const stepsMax = 1_000;
const literalCharsMin = 3;

/** @throws ExpressionError what is wrong, or cannot be matched in linear time, as the end of a sentence */
export function compileExpression(source: string, ignoreCase: boolean): Expression {
  const tree = parseExpression(source, ignoreCase);
  const program = emit(tree);
  return { test: (text) => run(program, text), literal: requiredLiteral(tree) };
}

/** Thompson's construction. */
function emit(tree: Node): readonly Step[] {
  const program: Step[] = [];
  const add = <S extends Step>(step: S): S => {
    if (program.length >= stepsMax) throw new ExpressionError(`it is too large: more than ${stepsMax} steps`);
    program.push(step);
    return step;
  };
  // Repeated groups that hold nothing add no steps, but cost time.
  let visits = 0;
  const put = (node: Node): void => {
    if (++visits > stepsMax * 10) throw new ExpressionError(`it is too large: more than ${stepsMax} steps`);
    switch (node.is) {
      case "set":
        add({ op: "set", ranges: node.ranges });
        break;
      case "assert":
        add({ op: "assert", what: node.what });
        break;
      case "all":
        node.items.forEach(put);
        break;
      case "any":
        putAny(node.items);
        break;
      case "repeat":
        for (let count = 0; count < node.min; count++) put(node.item);
        if (node.max === Infinity) putLoop(node.item);
        else putOptional(node.item, node.max - node.min);
    }
  };
  const putAny = (items: readonly Node[]): void => {
    const jumps: { to: number }[] = [];
    for (const item of items.slice(0, -1)) {
      const split = add({ op: "split" as const, first: program.length + 1, second: 0 });
      put(item);
      jumps.push(add({ op: "jump" as const, to: 0 }));
      split.second = program.length;
    }
    const last = items.at(-1);
    if (last) put(last);
    for (const jump of jumps) jump.to = program.length;
  };
  const putLoop = (item: Node): void => {
    const start = program.length;
    const split = add({ op: "split" as const, first: start + 1, second: 0 });
    put(item);
    add({ op: "jump", to: start });
    split.second = program.length;
  };
  const putOptional = (item: Node, times: number): void => {
    const splits: { second: number }[] = [];
    for (let count = 0; count < times; count++) {
      splits.push(add({ op: "split" as const, first: program.length + 1, second: 0 }));
      put(item);
    }
    for (const split of splits) split.second = program.length;
  };
  put(tree);
  add({ op: "match" });
  return program;
}

/** Pike's simulation: all ways through the program at once, each step at most once per position. */
function run(program: readonly Step[], text: string): boolean {
  const seenAt = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  let next: number[] = [];
  const stack: number[] = [];
  for (let position = 0; position <= text.length; position++) {
    // A match may begin anywhere.
    stack.push(0);
    for (const step of current) stack.push(step);
    next = [];
    while (stack.length > 0) {
      const at = stack.pop() ?? 0;
      if (seenAt[at] === position) continue;
      seenAt[at] = position;
      const step = program[at];
      if (step === undefined) continue;
      if (step.op === "match") return true;
      if (step.op === "jump") stack.push(step.to);
      else if (step.op === "split") stack.push(step.second, step.first);
      else if (step.op === "assert") {
        if (holds(step.what, text, position)) stack.push(at + 1);
      } else if (position < text.length && isIn(step.ranges, text.charCodeAt(position))) next.push(at + 1);
    }
    current = next;
  }
  return false;
}

function isIn(ranges: readonly Range[], unit: number): boolean {
  for (const [first, last] of ranges) if (unit >= first && unit <= last) return true;
  return false;
}

function holds(what: Assertion, text: string, position: number): boolean {
  if (what === "start") return position === 0;
  if (what === "end") return position === text.length;
  const isEdge = isWord(text.charCodeAt(position - 1)) !== isWord(text.charCodeAt(position));
  return isEdge === (what === "word");
}

function isWord(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122);
}

function requiredLiteral(tree: Node): string {
  let best = "";
  let run = "";
  const end = (): void => {
    if (run.length > best.length) best = run;
    run = "";
  };
  const visit = (node: Node): void => {
    if (node.is === "all") node.items.forEach(visit);
    else if (node.is === "repeat" && node.min > 0) {
      end();
      visit(node.item);
      end();
    } else if (node.is === "set") {
      const letter = singleLetter(node.ranges);
      if (letter === "") end();
      else run += letter;
    } else if (node.is !== "assert") end();
  };
  visit(tree);
  end();
  return best.length < literalCharsMin ? "" : best;
}

/** The one ASCII character of a set, or the one letter in both cases; lower case. */
function singleLetter(ranges: readonly Range[]): string {
  const letters = new Set<string>();
  for (const [first, last] of ranges) {
    if (first !== last || first > 127) return "";
    letters.add(String.fromCharCode(first).toLowerCase());
  }
  const [only = ""] = letters;
  return letters.size === 1 ? only : "";
}
