import { Page, PageHeader } from "../../components/page.tsx";
import { SecretList } from "../../features/secrets/secret-list.tsx";

export function SecretsPage() {
  return (
    <Page title="Secrets">
      <PageHeader title="Secrets" />
      <SecretList />
    </Page>
  );
}
