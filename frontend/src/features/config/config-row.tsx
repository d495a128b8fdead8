import { ApiError, type ConfigItem, type FieldError, type ServerConfigPatch } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { problemAdvice, problemTitle } from "../../components/problem-words.ts";
import { ConfigControl } from "./config-control.tsx";
import { configQuery, retentionQuery } from "./config-queries.ts";
import { rangeWords, valueWords } from "./config-words.ts";
import styles from "./config-row.module.css";

/** One setting: what it does, its value, and the way back to the default. Each is saved when it is changed. */
export function ConfigRow({ item, mayWrite }: { readonly item: ConfigItem; readonly mayWrite: boolean }) {
  const queries = useQueryClient();
  const id = useId();
  const save = useMutation({
    mutationFn: (value: ConfigItem["value"] | null) =>
      client.config.update({ body: { [item.name]: value } as ServerConfigPatch }),
    onSuccess: ({ items }) => {
      queries.setQueryData(configQuery.queryKey, items);
      if (item.group === "retention") void queries.invalidateQueries({ queryKey: retentionQuery.queryKey });
      announce(`Saved: ${item.title}`, { show: true });
    },
  });
  const range = rangeWords(item);
  return (
    <li className={styles["row"]}>
      <div className={styles["words"]}>
        <label htmlFor={id} className={styles["label"]}>
          {item.title}
        </label>
        <p id={`${id}-hint`} className={styles["hint"]}>
          {item.description}.{range !== null && ` ${range}.`}
        </p>
        {item.from !== "default" && (
          <p className={styles["hint"]}>
            <Origin item={item} />
            {item.from === "stored" && mayWrite && (
              <Button size="s" variant="plain" disabled={save.isPending} onClick={() => save.mutate(null)}>
                Back to {valueWords(item, item.default)}
              </Button>
            )}
          </p>
        )}
        {save.isError && (
          <p id={`${id}-error`} className={styles["error"]} role="alert">
            {errorWords(save.error)}
          </p>
        )}
      </div>
      <ConfigControl
        id={id}
        item={item}
        disabled={!mayWrite || save.isPending || item.from === "environment"}
        invalid={save.isError}
        onSave={(value) => save.mutate(value)}
      />
    </li>
  );
}

/** What gives a value that is not the default. */
function Origin({ item }: { readonly item: ConfigItem }) {
  if (item.from === "environment") return "Set by ASSAY_SETTINGS in the server’s environment";
  return (
    <>
      Set{item.changedEmail !== null && ` by ${item.changedEmail}`}{" "}
      {item.changedAt !== null && <TimeAgo time={item.changedAt} />}
    </>
  );
}

/** "body.trustedProxies[1]" is the second entry of a list. */
function fieldWords({ field, message }: FieldError): string {
  const index = /\[(\d+)\]$/.exec(field)?.[1];
  return index === undefined ? message : `Entry ${Number(index) + 1} ${message}`;
}

function errorWords(error: Error): string {
  if (!(error instanceof ApiError)) return `${problemTitle(error)}. ${problemAdvice(error)}`;
  return error.problem.errors?.map(fieldWords).join("; ") || error.problem.detail;
}
