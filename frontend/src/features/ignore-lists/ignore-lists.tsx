import type { IgnoreList } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FileUp, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useMay } from "../../api/auth.ts";
import { ignoreListsQuery } from "../../api/ignore-lists.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import filters from "../../components/filters.module.css";
import { ModalButton } from "../../components/modal-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { ListRow } from "./list-row.tsx";
import { MatchBox } from "./match-box.tsx";
import { MispForm } from "./misp-form.tsx";
import { NewListForm } from "./new-list-form.tsx";

/** Every list: find, switch on and off; and which of them hold an indicator. */
export function IgnoreLists() {
  const mayRead = useMay("ignoreLists:read");
  const mayWrite = useMay("ignoreLists:write");
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const query = useInfiniteQuery({ ...ignoreListsQuery(q), enabled: mayRead });
  if (!mayRead) {
    return (
      <Notice tone="info" title="You may not see ignore lists">
        <p>Analysts and source authors may. Ask an administrator for one of these roles.</p>
      </Notice>
    );
  }
  return (
    <>
      <MatchBox />
      <div className={filters["filters"]}>
        <div className={filters["text"]}>
          <SearchField label="Find a list" text={text} onText={setText} />
        </div>
      </div>
      <RowList
        noun="ignore lists"
        query={query}
        rows={rowsOf(query)}
        empty={
          <EmptyState title={q === "" ? "No ignore lists yet" : "No such list"}>
            <p>{q === "" ? "Make one of what need not be asked about." : `No name holds “${q}”.`}</p>
          </EmptyState>
        }
      >
        {(list) => <ListRow key={list.id} list={list} mayWrite={mayWrite} />}
      </RowList>
    </>
  );
}

/** Makes a list, or takes one of MISP's. */
export function NewIgnoreList({ onMade }: { readonly onMade: (list: IgnoreList) => void }) {
  if (!useMay("ignoreLists:write")) return null;
  return (
    <>
      <ModalButton
        icon={<FileUp size={16} aria-hidden />}
        label="Import a MISP list"
        title="Import a MISP warning list"
      >
        {() => <MispForm onDone={onMade} />}
      </ModalButton>
      <ModalButton variant="primary" icon={<Plus size={16} aria-hidden />} label="New list" title="New ignore list">
        {() => <NewListForm onDone={onMade} />}
      </ModalButton>
    </>
  );
}
