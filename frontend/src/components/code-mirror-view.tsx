import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { CodeLanguage } from "./code-view.tsx";
import { codeColours, codeTheme } from "./code-theme.ts";
import styles from "./code-view.module.css";

interface CodeMirrorViewProps {
  readonly code: string;
  readonly language: CodeLanguage;
  readonly label: string;
}

const languages = { javascript: () => javascript({ typescript: true }), python };

export function CodeMirrorView({ code, language, label }: CodeMirrorViewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    // In a shadow root CodeMirror adopts constructed style sheets; in the page it would write a style element, which the policy forbids.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: code,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true" }),
          EditorView.lineWrapping,
          lineNumbers(),
          languages[language](),
          syntaxHighlighting(codeColours),
          codeTheme,
        ],
      }),
    });
    return () => view.destroy();
  }, [code, language, label]);
  return <div ref={host} className={styles["host"]} />;
}
