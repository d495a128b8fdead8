import type { RequestSummary } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { meQuery, useMay } from "../../../api/auth.ts";
import { VisibilityMenu } from "../../../components/visibility-menu.tsx";
import { alongWords } from "../view/followed-words.ts";
import { useRelated } from "../view/use-related.ts";
import { useSetVisibility } from "./use-set-visibility.ts";

/** Who sees the lookup; for its owner, and for whoever reads all, the way to open or close it, with what came of it. */
export function SeenBy({ request }: { readonly request: RequestSummary }) {
  const { userId, visibility, tlp } = request;
  const me = useQuery(meQuery);
  const mayRun = useMay("requests:run");
  const mayReadAll = useMay("requests:readAll");
  const change = useSetVisibility(request.id);
  const related = useRelated(request);
  if (!me.isSuccess) return null;
  const isOwn = me.data.user.id === userId;
  const mayChange = tlp !== "RED" && mayRun && (isOwn || mayReadAll);
  if (!mayChange && visibility === "everyone") return null;
  const onChange = mayChange ? change.mutate : null;
  const along = related.data?.items.filter((item) => item.visibility === visibility).length ?? 0;
  const shown = { visibility, isOwn, onChange, busy: change.isPending };
  return <VisibilityMenu {...shown} {...(along > 0 && { note: alongWords(visibility, along) })} />;
}
