import { Link } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Page } from "../../components/page.tsx";

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <EmptyState title="There is no page at this address">
        <p>
          Check it for typing errors, or <Link to={paths.home}>look something up</Link>.
        </p>
      </EmptyState>
    </Page>
  );
}
