import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import styles from "./connection-banner.module.css";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that this machine has no network; lookups go on at the server and are taken up again. */
export function ConnectionBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className={styles["banner"]}>
          <WifiOff size={16} aria-hidden />
          <span>
            <strong>You are offline.</strong> What is shown may be old. Lookups under way go on at the server and are
            taken up again when you are back.
          </span>
        </p>
      )}
    </div>
  );
}
