import { StreamLanguage } from "@codemirror/language";

/** Enough of YAML to read a manifest by: keys, text, numbers, words with a meaning, comments. */
export const yamlLanguage = StreamLanguage.define({
  name: "yaml",
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["[", "{", '"', "'"] } },
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w$][\w$.-]*)(?=\s*:(?:\s|$))/)) return "keyword";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'[^']*'?/)) return "string";
    if (stream.match(/^(?:true|false|null|~)(?=[\s,\]}]|$)/)) return "atom";
    if (stream.match(/^-?\d+(?:\.\d+)?(?=[\s,\]}]|$)/)) return "number";
    if (stream.match(/^[^\s,[\]{}#:]+/)) return null;
    stream.next();
    return null;
  },
});
