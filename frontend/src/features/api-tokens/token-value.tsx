import type { ApiTokenValue } from "@assay/contract";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import styles from "./token-value.module.css";

/** The value of a token: shown this once. */
export function TokenValue({ value, onDone }: { readonly value: ApiTokenValue; readonly onDone: () => void }) {
  return (
    <div className={styles["value"]}>
      <p>It is shown this once and stored nowhere. If it is lost, renew the token.</p>
      <output className={styles["secret"]} aria-label="Token">
        {value.token}
      </output>
      <div className={styles["actions"]}>
        <CopyButton text={value.token} what="token" worded />
        <Button variant="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}
