import { HeadedPage } from "../../components/page.tsx";
import { NewSecret, SecretList } from "../../features/secrets/secret-list.tsx";

export function SecretsPage() {
  return (
    <HeadedPage
      title="Secrets"
      about="Keys of providers, encrypted. A secret goes only to the hosts that you name; put it into a source on that source’s page."
      actions={<NewSecret />}
    >
      <SecretList />
    </HeadedPage>
  );
}
