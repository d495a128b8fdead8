import { Link } from "@tanstack/react-router";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { kindWords } from "./list-words.ts";
import styles from "./lists.module.css";

/** Asks which lists hold an indicator. */
export function MatchBox() {
  const match = useMutation({ mutationFn: (data: string) => client.ignoreLists.match({ body: { data } }) });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    match.mutate(String(new FormData(event.currentTarget).get("data")));
  };
  const { data } = match;
  return (
    <section className={styles["match"]} aria-label="Is it on a list?">
      <form className={styles["ask"]} onSubmit={submit}>
        <Field label="Is this on a list?">
          {(control) => (
            <Input
              {...control}
              mono
              name="data"
              required
              maxLength={8192}
              placeholder="8.8.8.8 or hxxps://example[.]com/x"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <Button type="submit" busy={match.isPending}>
          Check
        </Button>
      </form>
      {match.isError && <ProblemNotice error={match.error} title="It cannot be checked" />}
      <div role="status" className={styles["found"]}>
        {data?.matches.length === 0 && (
          <p>
            No list that is on holds <code>{data.indicator.data}</code>.
          </p>
        )}
        {data?.matches.map(({ list, entry, global }) => (
          <p key={list.id}>
            <Link to={paths.ignoreList} params={{ slug: list.slug }}>
              {list.name}
            </Link>{" "}
            ({kindWords[list.kind].toLowerCase()}, {global ? "all sources" : "tied sources only"}) by its entry{" "}
            <code>{entry.value}</code>
          </p>
        ))}
      </div>
    </section>
  );
}
