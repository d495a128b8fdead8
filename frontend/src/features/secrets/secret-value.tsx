import type { Secret } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import styles from "./secret-value.module.css";

/** The value itself, for those whose role it is. It is asked for anew each time and forgotten with the dialogue. */
export function SecretValue({ secret }: { readonly secret: Secret }) {
  const query = useQuery({
    queryKey: ["secret-value", secret.id],
    queryFn: ({ signal }) => client.secrets.value({ params: { id: secret.id } }, signal),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  if (query.isError) return <ProblemNotice error={query.error} title="The value cannot be shown" />;
  if (!query.data) return <Skeleton height="40px" />;
  return (
    <div className={styles["value"]}>
      <output aria-label="Value">{query.data.value}</output>
      <CopyButton text={query.data.value} what="value" worded />
    </div>
  );
}
