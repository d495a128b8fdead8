import { useNavigate } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { Page, PageHeader } from "../../components/page.tsx";
import { IgnoreLists } from "../../features/ignore-lists/ignore-lists.tsx";

export function IgnoreListsPage() {
  const navigate = useNavigate();
  return (
    <Page title="Ignore lists">
      <PageHeader title="Ignore lists">
        <p>What need not be asked about, and what is worth knowing when it is.</p>
      </PageHeader>
      <IgnoreLists onMade={({ slug }) => void navigate({ to: paths.ignoreList, params: { slug } })} />
    </Page>
  );
}
