import type { RequestSummary } from "@assay/contract";
import { Gavel } from "lucide-react";
import { useMay } from "../../api/auth.ts";
import { ModalButton } from "../../components/modal-button.tsx";
import { DecisionForm } from "./decision-form.tsx";

/** On a lookup: the way to decide what its indicator is. */
export function DecideButton({ request }: { readonly request: RequestSummary }) {
  const mayDecide = useMay("decisions:write");
  if (!mayDecide) return null;
  return (
    <ModalButton size="s" icon={<Gavel size={14} aria-hidden />} label="Decide" title="Decide what it is">
      {(close) => (
        <DecisionForm
          indicator={{ kind: request.kind, data: request.data }}
          fromPrivate={request.visibility === "private"}
          onDone={close}
        />
      )}
    </ModalButton>
  );
}
