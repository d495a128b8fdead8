import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { batchForecastQuery } from "../../api/batches.ts";
import { ForecastSources } from "./forecast-sources.tsx";
import { ForecastText } from "./forecast-text.tsx";
import styles from "./batch-forecast.module.css";

/** What is left to do of a batch that has begun; counted anew each time it is opened. */
export function BatchRest({ id }: { readonly id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles["rest"]} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What is left to do</summary>
      {open && <Rest id={id} />}
    </details>
  );
}

function Rest({ id }: { readonly id: string }) {
  const query = useQuery(batchForecastQuery(id));
  return (
    <section className={styles["forecast"]} aria-label="What is left to do">
      <ForecastText query={query} />
      <ForecastSources query={query} />
    </section>
  );
}
