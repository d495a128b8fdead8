import {
  Annotation,
  type ChangeSet,
  type EditorSelection,
  type Extension,
  type StateCommand,
  StateField,
  Transaction,
} from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

/** How to take a change back, and what was selected before it. */
interface Step {
  readonly changes: ChangeSet;
  readonly selection: EditorSelection;
  readonly time: number;
  readonly event: string | undefined;
}
interface History {
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

const stepsMax = 500;
/** Typing without a pause of this length is taken back as one. */
const pauseMs = 500;
const travel = Annotation.define<{ readonly way: "undo" | "redo"; readonly rest: readonly Step[] }>();

const historyField = StateField.define<History>({
  create: () => ({ done: [], undone: [] }),
  update(history, tr) {
    if (!tr.docChanged) return history;
    const step = stepOf(tr);
    const travelled = tr.annotation(travel);
    if (travelled?.way === "undo") return { done: travelled.rest, undone: [...history.undone, step] };
    if (travelled?.way === "redo") return { done: [...history.done, step], undone: travelled.rest };
    const last = history.done.at(-1);
    if (last === undefined || !continues(last, step)) {
      return { done: [...history.done.slice(-stepsMax), step], undone: [] };
    }
    const joined = { ...last, changes: step.changes.compose(last.changes), time: step.time };
    return { done: [...history.done.slice(0, -1), joined], undone: [] };
  },
});

function stepOf(tr: Transaction): Step {
  return {
    changes: tr.changes.invert(tr.startState.doc),
    selection: tr.startState.selection,
    time: tr.annotation(Transaction.time) ?? 0,
    event: tr.annotation(Transaction.userEvent)?.split(".", 2).join("."),
  };
}

function continues(last: Step, step: Step): boolean {
  const isTyping = step.event === "input.type" || step.event === "delete.backward" || step.event === "delete.forward";
  return isTyping && step.event === last.event && step.time - last.time < pauseMs;
}

function go(way: "undo" | "redo"): StateCommand {
  return ({ state, dispatch }) => {
    const steps = state.field(historyField)[way === "undo" ? "done" : "undone"];
    const step = steps.at(-1);
    if (step === undefined || state.readOnly) return false;
    dispatch(
      state.update({
        changes: step.changes,
        selection: step.selection,
        annotations: travel.of({ way, rest: steps.slice(0, -1) }),
        scrollIntoView: true,
        userEvent: way,
      }),
    );
    return true;
  };
}

const undo = go("undo");
const redo = go("redo");

/** Undo and redo, by key and by the browser's own menu. */
export const history: Extension = [
  historyField,
  keymap.of([
    { key: "Mod-z", run: undo, shift: redo, preventDefault: true },
    { key: "Mod-y", run: redo, preventDefault: true },
  ]),
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      const command = event.inputType === "historyUndo" ? undo : event.inputType === "historyRedo" ? redo : null;
      if (command === null) return false;
      event.preventDefault();
      return command(view);
    },
  }),
];
