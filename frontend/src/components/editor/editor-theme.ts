import { EditorView } from "@codemirror/view";

const underline = (colour: string) => ({
  // The package draws its line with an image in a data: address, which the policy forbids.
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: "3px",
});
const sign = (colour: string) => ({ content: '""', display: "block", background: colour });

/** What an editor shows beyond code: signs of diagnostics, completions, search. */
export const editorTheme = EditorView.theme({
  "&": { maxHeight: "none", height: "100%", minHeight: "240px" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--gold-wash)", outline: "1px solid var(--focus)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--malicious-wash)" },
  ".cm-lintRange-error": underline("var(--malicious)"),
  ".cm-lintRange-warning": underline("var(--suspicious)"),
  ".cm-lintRange-active": { backgroundColor: "var(--hover)" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--malicious)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--suspicious)" },
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 3px" },
  ".cm-lint-marker": { width: "10px", height: "10px", marginTop: "5px" },
  ".cm-lint-marker-error": { ...sign("var(--malicious)"), borderRadius: "50%" },
  ".cm-lint-marker-warning": {
    ...sign("var(--suspicious)"),
    clipPath: "polygon(50% 0, 100% 100%, 0 100%)",
  },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
  },
  ".cm-diagnostic": { padding: "6px 10px", maxWidth: "560px", fontFamily: "var(--sans)" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--malicious)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--suspicious)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    maxHeight: "14em",
    maxWidth: "min(560px, 88vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--gold-wash)",
    color: "var(--text)",
  },
  "@media (max-width: 719px)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
  ".cm-completionDetail": { color: "var(--text-3)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", fontFamily: "var(--sans)", maxWidth: "320px" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-search": {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "8px",
    padding: "6px 10px",
    fontFamily: "var(--sans)",
  },
  ".cm-search input, .cm-search button": {
    minHeight: "28px",
    padding: "0 8px",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    font: "inherit",
  },
  ".cm-search input": { flex: "1 1 120px", maxWidth: "280px", minWidth: "0" },
  ".cm-search button": { color: "var(--gold)", cursor: "pointer" },
  ".cm-found": { backgroundColor: "var(--gold-wash)", outline: "1px solid var(--focus)" },
});
