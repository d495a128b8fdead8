import type { IgnoreList } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FileUp, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useMay } from "../../api/auth.ts";
import { ignoreListsQuery } from "../../api/ignore-lists.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Modal } from "../../components/modal.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import rows from "../../components/rows.module.css";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ListRow } from "./list-row.tsx";
import styles from "./lists.module.css";
import { MatchBox } from "./match-box.tsx";
import { MispForm } from "./misp-form.tsx";
import { NewListForm } from "./new-list-form.tsx";

/** Every list: find, make, import, switch on and off; and which of them hold an indicator. */
export function IgnoreLists({ onMade }: { readonly onMade: (list: IgnoreList) => void }) {
  const mayRead = useMay("ignoreLists:read");
  const mayWrite = useMay("ignoreLists:write");
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery({ ...ignoreListsQuery(q), enabled: mayRead });
  const [making, setMaking] = useState<"new" | "misp" | null>(null);
  const lists = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see ignore lists">
        <p>Analysts and source authors may. Ask an administrator for one of these roles.</p>
      </Notice>
    );
  }
  return (
    <div className={rows["section"]}>
      <MatchBox />
      <div className={rows["head"]}>
        <Field label="Find a list">
          {(control) => (
            <Input
              {...control}
              type="search"
              value={text}
              onChange={(event) => setText(event.target.value)}
              maxLength={200}
              spellCheck={false}
            />
          )}
        </Field>
        {mayWrite && (
          <div className={styles["buttons"]}>
            <Button icon={<FileUp size={16} aria-hidden />} onClick={() => setMaking("misp")}>
              Import a MISP list
            </Button>
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking("new")}>
              New list
            </Button>
          </div>
        )}
      </div>
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      <div className={rows["list"]}>
        {query.isPending && <SkeletonRows count={4} label="Loading ignore lists" />}
        {query.isSuccess && lists.length === 0 && (
          <EmptyState title={q === "" ? "No ignore lists yet" : "No such list"}>
            <p>{q === "" ? "Make one of what need not be asked about." : `No name holds “${q}”.`}</p>
          </EmptyState>
        )}
        <ul aria-label="Ignore lists">
          {lists.map((list) => (
            <ListRow key={list.id} list={list} mayWrite={mayWrite} />
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
      <Modal open={making === "new"} onClose={() => setMaking(null)} title="New ignore list">
        <NewListForm onDone={onMade} />
      </Modal>
      <Modal open={making === "misp"} onClose={() => setMaking(null)} title="Import a MISP warning list">
        <MispForm onDone={onMade} />
      </Modal>
    </div>
  );
}
