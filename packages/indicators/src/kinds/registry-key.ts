import { type KindRule, right, wrong } from "../kind-rule.ts";

const hives: Readonly<Record<string, string>> = {
  HKLM: "HKEY_LOCAL_MACHINE",
  HKCU: "HKEY_CURRENT_USER",
  HKCR: "HKEY_CLASSES_ROOT",
  HKU: "HKEY_USERS",
  HKCC: "HKEY_CURRENT_CONFIG",
};
const hiveNames = new Set(Object.values(hives));

/** The hive's long name, single backslashes, none at the end. The path keeps its case, though Windows ignores it. */
export const registryKeyRule: KindRule = {
  parse: (text) => {
    const [first = "", ...path] = text.split("\\");
    const short = first.toUpperCase().replace(/:$/, "");
    const hive = hives[short] ?? short;
    if (!hiveNames.has(hive)) return wrong("it does not begin with a hive");
    if (/\p{Cc}/u.test(text)) return wrong("it has a control character in it");
    const names = path.filter((name) => name !== "");
    return names.length > 0 ? right([hive, ...names].join("\\")) : wrong("nothing follows the hive");
  },
};
