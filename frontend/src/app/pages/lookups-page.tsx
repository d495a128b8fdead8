import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { type LookupFilter, requestsQuery } from "../../api/requests.ts";
import { exportAllAddress } from "../../api/exports.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { isNarrowed } from "../../components/filter-form.tsx";
import { HeadedPage } from "../../components/page.tsx";
import { Split } from "../../components/split.tsx";
import { useWide } from "../../components/use-wide.ts";
import { ExportMenu } from "../../features/requests/export/export-menu.tsx";
import { LookupFilters } from "../../features/requests/list/lookup-filters.tsx";
import { LookupList } from "../../features/requests/list/lookup-list.tsx";
import { LookupPeek } from "../../features/requests/list/lookup-peek.tsx";
import { lookupsSearch } from "../search.ts";

export function LookupsPage() {
  const { at, ...filter } = useSearch({ from: "/signed-in/lookups" });
  const navigate = useNavigate();
  const wide = useWide();
  const query = useInfiniteQuery(requestsQuery(filter));
  const go = (next: LookupFilter & { at?: string | undefined }): void =>
    void navigate({ to: paths.lookups, search: lookupsSearch({ ...next }), replace: true, resetScroll: false });
  return (
    <HeadedPage
      title="History"
      about="Every lookup that you may see, newest first, with the answers that it got."
      actions={<ExportMenu addressOf={(format) => exportAllAddress(filter, format)} />}
    >
      <LookupFilters filter={filter} onFilter={(next) => go(next)} />
      <Split
        list={
          <LookupList
            query={query}
            selectedId={wide ? at : undefined}
            onPeek={wide ? (id) => go({ ...filter, at: id }) : undefined}
            empty={isNarrowed(filter) ? <NothingFound /> : <NothingYet />}
          />
        }
        detail={wide && at !== undefined ? <LookupPeek key={at} id={at} onClose={() => go(filter)} /> : null}
      />
    </HeadedPage>
  );
}

function NothingFound() {
  return (
    <EmptyState title="No lookup fits">
      <p>Clear one of the filters, or let the indicator begin with less.</p>
    </EmptyState>
  );
}

function NothingYet() {
  return (
    <EmptyState title="Nothing has been looked up yet">
      <p>
        <Link to={paths.home}>Look something up</Link>; it is kept here with all its answers.
      </p>
    </EmptyState>
  );
}
