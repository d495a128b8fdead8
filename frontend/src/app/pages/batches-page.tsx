import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import buttons from "../../components/button.module.css";
import { Page, PageHeader } from "../../components/page.tsx";
import { BatchList } from "../../features/batches/batch-list.tsx";

export function BatchesPage() {
  const mayRun = useMay("requests:run");
  const make = (
    <Link to={paths.batchNew} className={[buttons["button"], buttons["primary"], buttons["m"]].join(" ")}>
      <Plus size={16} aria-hidden /> New batch
    </Link>
  );
  return (
    <Page title="Batches">
      <PageHeader title="Batches" actions={mayRun ? make : undefined}>
        <p>Many indicators, looked up in the background; people's lookups go before them.</p>
      </PageHeader>
      <BatchList mayRun={mayRun} />
    </Page>
  );
}
