import { ApiError, type ConfigItem, type ServerConfigPatch } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { problemAdvice, problemTitle } from "../../components/problem-words.ts";
import { ConfigControl } from "./config-control.tsx";
import { configQuery } from "./config-queries.ts";
import { configWords } from "./config-words.ts";
import styles from "./config-row.module.css";

/** One setting: what it does, its value, and the way back to the default. Each is saved when it is changed. */
export function ConfigRow({ item, mayWrite }: { readonly item: ConfigItem; readonly mayWrite: boolean }) {
  const queries = useQueryClient();
  const id = useId();
  const label = configWords[item.name].label;
  const save = useMutation({
    mutationFn: (value: ConfigItem["value"]) =>
      client.config.update({ body: { [item.name]: value } as ServerConfigPatch }),
    onSuccess: ({ items }) => {
      queries.setQueryData(configQuery.queryKey, items);
      announce(`Saved: ${label}`, { show: true });
    },
  });
  const isDefault = item.value === item.default;
  return (
    <li className={styles["row"]}>
      <div className={styles["words"]}>
        <label htmlFor={id} className={styles["label"]}>
          {label}
        </label>
        <p id={`${id}-hint`} className={styles["hint"]}>
          {item.description.replace(/, in milliseconds$/, "")}.
        </p>
        <p className={styles["hint"]}>
          {item.changedAt === null ? (
            "Default"
          ) : (
            <>
              Changed <TimeAgo time={item.changedAt} />
            </>
          )}
          {!isDefault && mayWrite && (
            <Button size="s" variant="plain" disabled={save.isPending} onClick={() => save.mutate(item.default)}>
              Back to {configWords[item.name].value(item.default)}
            </Button>
          )}
        </p>
        {save.isError && (
          <p className={styles["error"]} role="alert">
            {errorWords(save.error)}
          </p>
        )}
      </div>
      <ConfigControl
        id={id}
        item={item}
        disabled={!mayWrite || save.isPending}
        onSave={(value) => save.mutate(value)}
      />
    </li>
  );
}

function errorWords(error: Error): string {
  if (!(error instanceof ApiError)) return `${problemTitle(error)}. ${problemAdvice(error)}`;
  return error.problem.errors?.map((field) => field.message).join("; ") || error.problem.detail;
}
