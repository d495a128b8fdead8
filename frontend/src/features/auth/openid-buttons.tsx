import { api, endpointUrl, ownPath } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import { waysQuery } from "../../api/auth.ts";
import styles from "./openid-buttons.module.css";

/** A way in for each OpenID provider; nothing where there is none. */
export function OpenidButtons({ next }: { readonly next: string | undefined }) {
  const ways = useQuery(waysQuery);
  const providers = ways.data?.ways.filter((way) => way.type === "openid") ?? [];
  if (providers.length === 0) return null;
  return (
    <div className={styles["ways"]} role="group" aria-label="Other ways to sign in">
      {providers.map(({ provider, name }) => (
        <a
          key={provider}
          className={styles["way"]}
          href={endpointUrl(api.auth.openidStart, { params: { provider }, query: { next: ownPath(next) } })}
        >
          <LogIn size={16} aria-hidden />
          Sign in with {name}
        </a>
      ))}
    </div>
  );
}
