import type { EventFilter } from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { buttonClass } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { HeadedPage } from "../../components/page.tsx";
import { Split } from "../../components/split.tsx";
import { useWide } from "../../components/use-wide.ts";
import { EventDetail } from "../../features/events/event-detail.tsx";
import { EventFilters } from "../../features/events/event-filters.tsx";
import { EventList } from "../../features/events/event-list.tsx";
import { eventsQuery, exportAddress } from "../../features/events/event-queries.ts";
import { auditSearch } from "../search.ts";

/** What was done on this server, and by whom. */
export function AuditPage() {
  const { at, ...filter } = useSearch({ from: "/signed-in/audit" });
  const may = useMay("audit:read");
  const navigate = useNavigate();
  const wide = useWide();
  const query = useInfiniteQuery({ ...eventsQuery(filter), enabled: may });
  const go = (next: EventFilter & { at?: string | undefined }): void =>
    void navigate({ to: paths.audit, search: auditSearch({ ...next }), replace: true, resetScroll: false });
  const open = query.data?.pages.flatMap((page) => page.items).find((event) => event.id === at);
  const narrow = (next: EventFilter): void => go({ ...filter, ...next });
  return (
    <HeadedPage
      title="Audit"
      about="What was done here, by whom, from where. Nobody can change it."
      actions={
        may && (
          <a href={exportAddress(filter)} download className={buttonClass({ size: "s" })}>
            <Download size={14} aria-hidden /> Export
          </a>
        )
      }
    >
      {may ? (
        <>
          <EventFilters filter={filter} onFilter={(next) => go(next)} />
          <Split
            list={
              <EventList
                query={query}
                selectedId={at}
                unfolds={!wide}
                onSelect={(id) => go({ ...filter, at: id })}
                onFilter={narrow}
              />
            }
            detail={wide && open ? <EventDetail event={open} onFilter={narrow} /> : null}
          />
        </>
      ) : (
        <Notice tone="info" title="You may not see the audit log">
          <p>It is for administrators.</p>
        </Notice>
      )}
    </HeadedPage>
  );
}
