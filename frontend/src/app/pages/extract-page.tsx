import { Page, PageHeader } from "../../components/page.tsx";
import { ExtractPanel } from "../../features/requests/extract/extract-panel.tsx";

export function ExtractPage() {
  return (
    <Page title="Extract">
      <PageHeader title="Extract">
        <p>Finds every indicator in a text, and looks up those that you choose.</p>
      </PageHeader>
      <ExtractPanel />
    </Page>
  );
}
