import { useNavigate, useSearch } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { HeadedPage } from "../../components/page.tsx";
import { DecisionList, NewDecision } from "../../features/decisions/decision-list.tsx";
import { decisionsSearch } from "../search.ts";

/** What analysts have decided. */
export function DecisionsPage() {
  const filter = useSearch({ from: "/signed-in/decisions" });
  const navigate = useNavigate();
  return (
    <HeadedPage
      title="Decisions"
      about="What analysts know better than the sources. A decision is the verdict of every lookup as long as it is in force."
      actions={<NewDecision />}
    >
      <DecisionList
        filter={filter}
        onFilter={(next) =>
          void navigate({
            to: paths.decisions,
            search: decisionsSearch({ ...next }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </HeadedPage>
  );
}
