import { useBlocker } from "@tanstack/react-router";
import { Confirm } from "../../../components/confirm.tsx";

/** Asks before what is not saved is lost: within the dashboard with a dialogue, elsewhere with the browser's own. */
export function LeaveGuard({ isDirty }: { readonly isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <Confirm
      open={blocker.status === "blocked"}
      title="Leave without saving?"
      verb="Leave"
      cancelVerb="Stay"
      danger
      busy={false}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      What you changed in this source is not saved, and will be lost.
    </Confirm>
  );
}
