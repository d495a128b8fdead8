import { type IndicatorKind, planIndicatorsMax } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../../api/client.ts";
import { Button } from "../../../components/button.tsx";
import { Modal } from "../../../components/modal.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { SkeletonRows } from "../../../components/skeleton.tsx";
import { useLookupOptions } from "../box/lookup-options.ts";
import { ForecastView } from "./forecast-view.tsx";

interface ForecastButtonProps {
  /** What would be looked up. */
  readonly indicators: readonly { readonly data: string; readonly kind: IndicatorKind }[];
}

/** Asks the server what looking these up would cost, and shows it. Nothing is looked up. */
export function ForecastButton({ indicators }: ForecastButtonProps) {
  const { options } = useLookupOptions();
  const [open, setOpen] = useState(false);
  const plan = useMutation({
    mutationFn: () => {
      const { sourceIds, tlp, pap } = options;
      const chosen = indicators.slice(0, planIndicatorsMax).map(({ data, kind }) => ({ data, kind }));
      const given = { ...(sourceIds && { sourceIds: [...sourceIds] }), ...(tlp && { tlp }), ...(pap && { pap }) };
      return client.indicators.plan({ body: { indicators: chosen, ...given } });
    },
  });
  const ask = (): void => {
    setOpen(true);
    plan.mutate();
  };
  return (
    <>
      <Button disabled={indicators.length === 0} onClick={ask}>
        Forecast
      </Button>
      <Modal open={open} onClose={() => setOpen(false)} title="Forecast">
        {plan.isPending && <SkeletonRows count={4} label="Making the forecast" />}
        {plan.isError && (
          <ProblemNotice error={plan.error} title="There is no forecast" onRetry={() => plan.mutate()} />
        )}
        {plan.data && <ForecastView plan={plan.data} />}
      </Modal>
    </>
  );
}
