import { useNavigate } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { HeadedPage } from "../../components/page.tsx";
import { IgnoreLists, NewIgnoreList } from "../../features/ignore-lists/ignore-lists.tsx";

export function IgnoreListsPage() {
  const navigate = useNavigate();
  return (
    <HeadedPage
      title="Ignore lists"
      about="What need not be asked about, and what is worth knowing when it is."
      actions={<NewIgnoreList onMade={({ slug }) => void navigate({ to: paths.ignoreList, params: { slug } })} />}
    >
      <IgnoreLists />
    </HeadedPage>
  );
}
