import { HeadedPage } from "../../components/page.tsx";
import { ExtractPanel } from "../../features/requests/extract/extract-panel.tsx";

export function ExtractPage() {
  return (
    <HeadedPage title="Extract" about="Finds every indicator in a text, and looks up those that you choose.">
      <ExtractPanel />
    </HeadedPage>
  );
}
