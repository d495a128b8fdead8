import type { Secret } from "@assay/contract";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { TimeAgo } from "../../components/time-ago.tsx";
import styles from "./secret-signs.module.css";

/** What is to be attended to about a secret, each with what to do; nothing when all is well. */
export function SecretSigns({ secret }: { readonly secret: Secret }) {
  const signs: ReactNode[] = [];
  if (secret.expiresAt !== null && secret.expiry === "expired")
    signs.push(
      <>
        Expired <TimeAgo time={secret.expiresAt} /> and is no longer used. Set a new value and expiry.
      </>,
    );
  if (secret.expiresAt !== null && secret.expiry === "expiring")
    signs.push(
      <>
        Expires <TimeAgo time={secret.expiresAt} />. Get a new key before that.
      </>,
    );
  if (secret.refusedSince !== null)
    signs.push(
      <>
        Refused by the provider since <TimeAgo time={secret.refusedSince} />. Check the key, and set a new value.
      </>,
    );
  if (secret.valueState !== "readable")
    signs.push(<>The server cannot decrypt it. Set a new value, or give the server its key back.</>);
  if (signs.length === 0) return null;
  return (
    <ul className={styles["signs"]}>
      {signs.map((sign, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the signs have no state and no order of their own
        <li key={index}>
          <TriangleAlert size={14} aria-hidden /> <span>{sign}</span>
        </li>
      ))}
    </ul>
  );
}
