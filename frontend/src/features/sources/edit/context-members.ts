import type { Language } from "@assay/contract";
// The types that authors are given are the one list of what there is.
import javascriptTypes from "../../../../../sources/types/assay.d.ts?raw";
import pythonTypes from "../../../../../sources/types/assay.pyi?raw";

/** A name after the point, with its type and what it is for. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isMethod: boolean;
  readonly info: string;
}

export type Members = ReadonlyMap<string, readonly Member[]>;

/** By name of the type, such as `Context` or `Http`. */
export const membersOf: Readonly<Record<Language, Members>> = {
  JAVASCRIPT: readJavascript(javascriptTypes),
  PYTHON: readPython(pythonTypes),
};

function readJavascript(text: string): Members {
  const types = new Map<string, Member[]>();
  let members: Member[] | null = null;
  let info = "";
  for (const line of text.split("\n")) {
    const opened = /^interface (\w+)/.exec(line);
    if (opened?.[1] !== undefined) types.set(opened[1], (members = []));
    if (line === "}") members = null;
    const comment = /^ {2}\/\*\* (.*) \*\/$/.exec(line);
    const member = /^ {2}(?:readonly )?(\w+)(\??)(<.*?>(?=\())?(\(.*\))?: (.*);$/.exec(line);
    if (member?.[1] !== undefined && members !== null) {
      const [, name, , , parameters, type = ""] = member;
      members.push({
        name,
        type: `${parameters ?? ""}${parameters ? ": " : ""}${type}`,
        isMethod: parameters !== undefined,
        info,
      });
    }
    info = comment?.[1] ?? "";
  }
  return types;
}

function readPython(text: string): Members {
  const types = new Map<string, Member[]>();
  let members: Member[] | null = null;
  for (const line of text.split("\n")) {
    const opened = /^class (\w+)/.exec(line);
    if (opened?.[1] !== undefined) types.set(opened[1], (members = []));
    const member = /^ {4}(?:def (\w+)\((?:self(?:, )?)?(.*)\) -> (.*?):.*|def (\w+)\($|(\w+): (.*))$/.exec(line);
    const [, method, parameters = "", result = "", long, field, type = ""] = member ?? [];
    const name = method ?? long ?? field;
    if (name !== undefined && !name.startsWith("_") && members !== null && !members.some((one) => one.name === name)) {
      const whole = method === undefined ? type : `(${parameters}) -> ${result}`;
      members.push({ name, type: long === undefined ? whole : "(…)", isMethod: field === undefined, info: "" });
    }
    const comment = /^ {4,8}"""(.*?)(?:""")?$/.exec(line);
    const last = members?.at(-1);
    if (comment?.[1] !== undefined && members !== null && last?.info === "") {
      members[members.length - 1] = { ...last, info: comment[1] };
    }
  }
  return types;
}
