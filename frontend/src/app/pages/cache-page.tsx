import { HeadedPage } from "../../components/page.tsx";
import { Cache } from "../../features/cache/cache.tsx";

export function CachePage() {
  return (
    <HeadedPage title="Cache" about="What sources have answered, kept so that the same is not asked twice.">
      <Cache />
    </HeadedPage>
  );
}
