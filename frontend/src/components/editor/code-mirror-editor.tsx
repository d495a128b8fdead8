import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useImperativeHandle, useRef } from "react";
import type { CodeEditorProps, EditorDiagnostic } from "../code-editor.tsx";
import { codeColours, codeTheme } from "../code-theme.ts";
import styles from "../code-view.module.css";
import { editKeys } from "./edit-keys.ts";
import { editorTheme } from "./editor-theme.ts";
import { history } from "./history.ts";
import { search } from "./search-panel.ts";
import { yamlLanguage } from "./yaml-language.ts";

const languages = {
  javascript: () => javascript({ typescript: true }),
  python,
  yaml: () => yamlLanguage,
};
const indents = { javascript: "  ", python: "    ", yaml: "  " };

export function CodeMirrorEditor(props: CodeEditorProps) {
  const { initialText, language, label, diagnostics, handle } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    // In a shadow root CodeMirror adopts constructed style sheets; in the page it would write a style element, which the policy forbids.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const complete: CompletionSource = (context) => latest.current.complete(context);
    const view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: initialText,
        extensions: [
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.lineWrapping,
          lineNumbers(),
          lintGutter(),
          history,
          indentUnit.of(indents[language]),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ override: [complete], icons: false }),
          highlightActiveLine(),
          search,
          keymap.of(closeBracketsKeymap),
          editKeys,
          languages[language](),
          syntaxHighlighting(codeColours),
          editorTheme,
          codeTheme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [initialText, language, label]);
  useEffect(() => {
    const view = editor.current;
    if (view === null) return;
    const found = diagnostics.map((one) => diagnosticIn(view.state.doc, one));
    view.dispatch(setDiagnostics(view.state, found));
  }, [diagnostics, initialText, language, label]);
  useImperativeHandle(handle, () => ({
    goTo(line, column) {
      const view = editor.current;
      if (view === null) return;
      view.dispatch({ selection: { anchor: offsetOf(view.state.doc, line, column) }, scrollIntoView: true });
      view.focus();
    },
  }));
  return <div ref={host} className={[styles["host"], styles["editor"]].join(" ")} />;
}

function offsetOf(doc: Text, lineNumber: number, column: number): number {
  const line = doc.line(Math.max(1, Math.min(lineNumber, doc.lines)));
  return line.from + Math.max(0, Math.min(column - 1, line.length));
}

/** From where it is to the end of the word, or of the line where there is no word. */
function diagnosticIn(doc: Text, { line, column, severity, message }: EditorDiagnostic): Diagnostic {
  const from = offsetOf(doc, line ?? 1, column ?? 1);
  const rest = doc.lineAt(from).text.slice(from - doc.lineAt(from).from);
  const length = column === null ? rest.length : (/^[\w$]+/.exec(rest)?.[0].length ?? Math.min(1, rest.length));
  return { from, to: from + length, severity, message };
}
