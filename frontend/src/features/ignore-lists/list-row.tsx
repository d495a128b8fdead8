import type { IgnoreList } from "@assay/contract";
import { Link } from "@tanstack/react-router";
import { client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { Switch } from "../../components/switch.tsx";
import { Tag } from "../../components/tag.tsx";
import { countWords, indicatorWords, kindHints, kindWords, scopeWords } from "./list-words.ts";
import { useChangeLists } from "./use-change-lists.ts";

/** One list: what it is, whom it concerns, and whether it is on. */
export function ListRow({ list, mayWrite }: { readonly list: IgnoreList; readonly mayWrite: boolean }) {
  const enable = useChangeLists(
    (enabled: boolean) => client.ignoreLists.update({ params: { id: list.id }, body: { enabled } }),
    ({ name, enabled }) => `${name} is ${enabled ? "on" : "off"}`,
  );
  return (
    <li className={rows["row"]} aria-label={list.name}>
      <div className={rows["words"]}>
        <p className={rows["title"]}>
          <Link to={paths.ignoreList} params={{ slug: list.slug }}>
            {list.name}
          </Link>
        </p>
        <p className={rows["tags"]}>
          <Tag title={kindHints[list.kind]}>{kindWords[list.kind]}</Tag>
          {list.catalogue && <Tag title="Installed from a file; its entries follow it">Installed</Tag>}
        </p>
        <p className={rows["facts"]}>
          <span>{countWords(list.entryCount)}</span>
          <span>{scopeWords(list)}</span>
          {list.indicatorKinds.length > 0 && <span>{indicatorWords(list).join(", ")}</span>}
        </p>
        {enable.isError && <ProblemNotice error={enable.error} title="The list was not changed" />}
      </div>
      <Switch
        label={`${list.name} is on`}
        checked={list.enabled}
        onChange={(enabled) => enable.mutate(enabled)}
        disabled={!mayWrite || enable.isPending}
      />
    </li>
  );
}
