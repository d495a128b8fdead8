import { EditorSelection, type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, type Panel, showPanel } from "@codemirror/view";

interface Search {
  /** null: closed. */
  readonly query: string | null;
  readonly found: readonly { readonly from: number; readonly to: number }[];
  readonly marks: DecorationSet;
}

const matchesMax = 2000;
const setQuery = StateEffect.define<string | null>();
const mark = Decoration.mark({ class: "cm-found" });
const closed: Search = { query: null, found: [], marks: Decoration.none };

function searchFor(state: EditorState, query: string): Search {
  const found: { from: number; to: number }[] = [];
  const text = state.doc.toString().toLowerCase();
  const wanted = query.toLowerCase();
  for (let at = wanted === "" ? -1 : text.indexOf(wanted); at >= 0 && found.length < matchesMax;) {
    found.push({ from: at, to: at + wanted.length });
    at = text.indexOf(wanted, at + wanted.length);
  }
  const last = state.doc.length;
  const marks = Decoration.set(found.filter(({ to }) => to <= last).map(({ from, to }) => mark.range(from, to)));
  return { query, found, marks };
}

const searchField = StateField.define<Search>({
  create: () => closed,
  update(search, tr) {
    const change = tr.effects.find((effect) => effect.is(setQuery));
    const query = change === undefined ? search.query : (change.value as string | null);
    if (query === null) return closed;
    return change !== undefined || tr.docChanged ? searchFor(tr.state, query) : search;
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ marks }) => marks),
    showPanel.from(field, ({ query }) => (query === null ? null : createPanel)),
  ],
});

function open(view: EditorView): boolean {
  const { main } = view.state.selection;
  const selected = view.state.sliceDoc(main.from, Math.min(main.to, main.from + 200));
  view.dispatch({ effects: setQuery.of(selected.includes("\n") ? "" : selected) });
  view.dom.querySelector<HTMLInputElement>(".cm-search input")?.select();
  return true;
}

function close(view: EditorView): boolean {
  if (view.state.field(searchField).query === null) return false;
  view.dispatch({ effects: setQuery.of(null) });
  view.focus();
  return true;
}

/** Selects the next match, or the one before; from the last it goes on at the first. */
function go(view: EditorView, forward: boolean): boolean {
  const { found } = view.state.field(searchField);
  const { from, to } = view.state.selection.main;
  const match = forward
    ? (found.find((one) => one.from >= to && one.to > to) ?? found[0])
    : (found.findLast((one) => one.to <= from) ?? found.at(-1));
  if (match === undefined) return false;
  view.dispatch({ selection: EditorSelection.single(match.from, match.to), scrollIntoView: true });
  return true;
}

function createPanel(view: EditorView): Panel {
  const dom = document.createElement("div");
  dom.className = "cm-search";
  const input = document.createElement("input");
  input.type = "search";
  input.setAttribute("aria-label", "Find in the code");
  input.value = view.state.field(searchField).query ?? "";
  input.addEventListener("input", () => view.dispatch({ effects: setQuery.of(input.value) }));
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  dom.append(
    input,
    button("Previous", () => go(view, false)),
    button("Next", () => go(view, true)),
    count,
    button("Close", () => close(view)),
  );
  dom.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(view);
    else if (event.key === "Enter" && event.target === input) go(view, !event.shiftKey);
    else return;
    event.preventDefault();
  });
  const tell = (state: EditorState): void => {
    const { query, found } = state.field(searchField);
    count.textContent = query === "" ? "" : found.length === 0 ? "Not found" : `${found.length} found`;
  };
  tell(view.state);
  return { dom, top: true, update: ({ state }) => tell(state) };
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/** Ctrl-F within the code, for the browser finds only the lines that are drawn. */
export const search: Extension = [
  searchField,
  keymap.of([
    { key: "Mod-f", run: open, preventDefault: true },
    { key: "Mod-g", run: (view) => go(view, true), shift: (view) => go(view, false), preventDefault: true },
    { key: "Escape", run: close },
  ]),
];
