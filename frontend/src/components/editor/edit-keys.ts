import { getIndentation, IndentContext, indentString, indentUnit } from "@codemirror/language";
import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type Extension,
  findClusterBreak,
  type Line,
  type StateCommand,
  type Transaction,
} from "@codemirror/state";
import { EditorView, type KeyBinding, keymap } from "@codemirror/view";

/** The lines that the selection touches, each once. */
function selectedLines(state: EditorState): Line[] {
  const lines = new Map<number, Line>();
  for (const { from, to } of state.selection.ranges) {
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at);
      lines.set(line.number, line);
      at = line.to + 1;
    }
  }
  return [...lines.values()];
}

function changeLines(event: string, changeOf: (line: Line, state: EditorState) => ChangeSpec | null): StateCommand {
  return ({ state, dispatch }) => {
    const changes = selectedLines(state).flatMap((line) => changeOf(line, state) ?? []);
    if (changes.length > 0) dispatch(state.update({ changes, scrollIntoView: true, userEvent: event }));
    return true;
  };
}

const indentLines = changeLines("input.indent", (line, state) =>
  line.length === 0 ? null : { from: line.from, insert: state.facet(indentUnit) },
);
const outdentLines = changeLines("delete.dedent", (line, state) => {
  const spaces = /^( *|\t)/.exec(line.text)?.[0].length ?? 0;
  const length = line.text.startsWith("\t") ? 1 : Math.min(spaces, state.facet(indentUnit).length);
  return length === 0 ? null : { from: line.from, to: line.from + length };
});

/** One step to the right: the selected lines, or what stands after the cursor. */
const indent: StateCommand = ({ state, dispatch }) => {
  if (state.selection.ranges.some((range) => !range.empty)) return indentLines({ state, dispatch });
  dispatch(state.update(state.replaceSelection(state.facet(indentUnit)), { scrollIntoView: true, userEvent: "input" }));
  return true;
};

/** A new line that begins where the language wants it, else where the one before it begins. */
const newLine: StateCommand = ({ state, dispatch }) => {
  const change = state.changeByRange(({ from, to }) => {
    const line = state.doc.lineAt(from);
    const before = /^\s*/.exec(line.text)?.[0] ?? "";
    const isBetween = /[{[(]$/.test(state.sliceDoc(line.from, from)) && /^[}\])]/.test(state.sliceDoc(to, to + 1));
    const context = new IndentContext(state, { simulateBreak: from, simulateDoubleBreak: isBetween });
    const columns = getIndentation(context, from);
    const start = columns === null ? before.slice(0, from - line.from) : indentString(state, columns);
    const insert = isBetween ? `\n${start}\n${before}` : `\n${start}`;
    return { range: EditorSelection.cursor(from + 1 + start.length), changes: { from, to, insert } };
  });
  dispatch(state.update(change, { scrollIntoView: true, userEvent: "input" }));
  return true;
};

function erase(forward: boolean): StateCommand {
  return ({ state, dispatch }) => {
    const change = state.changeByRange((range) => {
      let { from, to } = range;
      if (range.empty) {
        const line = state.doc.lineAt(from);
        const isEdge = from === (forward ? line.to : line.from);
        const next = isEdge
          ? from + (forward ? 1 : -1)
          : line.from + findClusterBreak(line.text, from - line.from, forward);
        from = Math.max(0, Math.min(from, next));
        to = Math.min(state.doc.length, Math.max(to, next));
      }
      return { range: EditorSelection.cursor(from), changes: { from, to } };
    });
    dispatch(state.update(change, { scrollIntoView: true, userEvent: forward ? "delete.forward" : "delete.backward" }));
    return true;
  };
}

/** Puts the language's comment sign before the selected lines, or takes it away when all have it. */
const toggleComment: StateCommand = ({ state, dispatch }) => {
  const [tokens] = state.languageDataAt<{ line?: string }>("commentTokens", state.selection.main.head);
  const sign = tokens?.line;
  if (sign === undefined) return false;
  const lines = selectedLines(state).filter((line) => line.text.trim() !== "");
  const isOff = lines.every((line) => line.text.trimStart().startsWith(sign));
  const changes = lines.map((line): ChangeSpec => {
    const from = line.from + line.text.length - line.text.trimStart().length;
    const length = sign.length + (line.text.trimStart().charAt(sign.length) === " " ? 1 : 0);
    return isOff ? { from, to: from + length } : { from, insert: `${sign} ` };
  });
  dispatch(state.update({ changes, userEvent: "input" }));
  return true;
};

/** The browser knows only the lines that are drawn, so what goes over all of them is done here. */
function select(target: (state: EditorState) => EditorSelection): (view: EditorView) => boolean {
  return (view) => {
    view.dispatch({ selection: target(view.state), scrollIntoView: true, userEvent: "select" });
    return true;
  };
}
const goTo = (at: (state: EditorState) => number): Pick<KeyBinding, "run" | "shift"> => ({
  run: select((state) => EditorSelection.single(at(state))),
  shift: select((state) => EditorSelection.single(state.selection.main.anchor, at(state))),
});

/**
 * Typing over a selection, done here: the browser would keep the look of what it replaces with inline styles, which the policy
 * forbids.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main, ranges } = view.state.selection;
    const { data } = event;
    if (event.inputType !== "insertText" || event.isComposing || data === null) return false;
    if (ranges.length > 1 || main.empty || view.state.readOnly) return false;
    event.preventDefault();
    const insert = (): Transaction => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type" });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, data, insert))) view.dispatch(insert());
    return true;
  },
});

/** Keys for writing. Escape and then Tab leaves the editor: CodeMirror's own way out for keyboards. */
export const editKeys: Extension = [
  typeOver,
  keymap.of([
    { key: "Tab", run: indent, shift: outdentLines },
    { key: "Enter", run: newLine, shift: newLine },
    { key: "Backspace", run: erase(false), shift: erase(false) },
    { key: "Delete", run: erase(true) },
    { key: "Mod-/", run: toggleComment },
    { key: "Mod-a", run: select((state) => EditorSelection.single(0, state.doc.length)) },
    { key: "Mod-Home", mac: "Cmd-ArrowUp", ...goTo(() => 0) },
    { key: "Mod-End", mac: "Cmd-ArrowDown", ...goTo((state) => state.doc.length) },
  ]),
];
