import { Page } from "../components/page.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export function PagePending() {
  return (
    <Page title="">
      <SkeletonRows count={6} label="Loading the page" />
    </Page>
  );
}
