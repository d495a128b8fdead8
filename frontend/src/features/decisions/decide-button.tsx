import type { RequestSummary } from "@assay/contract";
import { Gavel } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../api/auth.ts";
import { Button } from "../../components/button.tsx";
import { Modal } from "../../components/modal.tsx";
import { DecisionForm } from "./decision-form.tsx";

/** On a lookup: the way to decide what its indicator is. */
export function DecideButton({ request }: { readonly request: RequestSummary }) {
  const mayDecide = useMay("decisions:write");
  const [open, setOpen] = useState(false);
  if (!mayDecide) return null;
  return (
    <>
      <Button size="s" icon={<Gavel size={14} aria-hidden />} onClick={() => setOpen(true)}>
        Decide
      </Button>
      <Modal open={open} onClose={() => setOpen(false)} title="Decide what it is">
        <DecisionForm
          indicator={{ kind: request.kind, data: request.data }}
          fromPrivate={request.visibility === "private"}
          onDone={() => setOpen(false)}
        />
      </Modal>
    </>
  );
}
