import type { HttpCall, RateLimit } from "@assay/contract";
import { bytesWords } from "../../../components/bytes.ts";
import { durationWords } from "../../../components/time.ts";
import styles from "./http-calls.module.css";

/** Each call that the source made, as the egress broker saw it. */
export function HttpCalls({ calls }: { readonly calls: readonly HttpCall[] }) {
  return (
    <ol className={styles["calls"]} aria-label="Calls">
      {calls.map((call) => (
        <li key={`${call.atMs} ${call.method} ${call.host} ${call.path}`}>
          <p className={styles["line"]}>
            <span className={call.status >= 400 || call.error !== "" ? styles["bad"] : styles["status"]}>
              {call.status === 0 ? "—" : call.status}
            </span>
            <span className={styles["target"]}>
              {call.method} {call.host}
              {call.path}
            </span>
          </p>
          <p className={styles["aside"]}>
            at {durationWords(call.atMs)}, took {durationWords(call.durationMs)} · sent {bytesWords(call.requestBytes)},
            got {bytesWords(call.responseBytes)}
            {call.rateLimit && ` · ${limitWords(call.rateLimit)}`}
          </p>
          {call.error !== "" && <p className={styles["error"]}>{call.error}</p>}
        </li>
      ))}
    </ol>
  );
}

/** What the provider said about its limits: "44 of 45 left, resets in 12 s". */
function limitWords({ stop, left, limit, resetMs }: RateLimit): string {
  const words = [
    stop && "said stop",
    left !== null && `${left}${limit === null ? "" : ` of ${limit}`} left`,
    resetMs !== null && `resets in ${durationWords(resetMs)}`,
  ];
  return words.filter((word) => word !== false).join(", ");
}
