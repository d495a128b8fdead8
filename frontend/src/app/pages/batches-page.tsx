import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { buttonClass } from "../../components/button.tsx";
import { HeadedPage } from "../../components/page.tsx";
import { BatchList } from "../../features/batches/batch-list.tsx";

export function BatchesPage() {
  const mayRun = useMay("requests:run");
  const make = (
    <Link to={paths.batchNew} className={buttonClass({ variant: "primary" })}>
      <Plus size={16} aria-hidden /> New batch
    </Link>
  );
  return (
    <HeadedPage
      title="Batches"
      about="Many indicators, looked up in the background; people's lookups go before them."
      actions={mayRun && make}
    >
      <BatchList mayRun={mayRun} />
    </HeadedPage>
  );
}
