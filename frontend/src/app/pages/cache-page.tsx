import { Page, PageHeader } from "../../components/page.tsx";
import { Cache } from "../../features/cache/cache.tsx";

export function CachePage() {
  return (
    <Page title="Cache">
      <PageHeader title="Cache">
        <p>What sources have answered, kept so that the same is not asked twice.</p>
      </PageHeader>
      <Cache />
    </Page>
  );
}
