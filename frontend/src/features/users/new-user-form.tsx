import { ApiError, type EndpointReply, type Role, type usersApi } from "@assay/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input, Select } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { waysQuery } from "../../api/auth.ts";
import form from "./new-user-form.module.css";
import { RoleBoxes } from "./role-boxes.tsx";
import { allUsers } from "./user-queries.ts";

type Made = EndpointReply<typeof usersApi.create>;

export function NewUserForm({ onMade }: { readonly onMade: (made: Made) => void }) {
  const queries = useQueryClient();
  const ways = useQuery(waysQuery);
  const [roles, setRoles] = useState<readonly Role[]>(["analyst"]);
  const make = useMutation({
    mutationFn: (body: { email: string; name: string; roles: Role[]; withPassword: boolean }) =>
      client.users.create({ body }),
    onSuccess: (made) => {
      void queries.invalidateQueries(allUsers);
      onMade(made);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    make.mutate({
      email: String(fields.get("email")),
      name: String(fields.get("name")),
      roles: [...roles],
      withPassword: fields.get("way") !== "openid",
    });
  };
  const isTaken = make.error instanceof ApiError && make.error.problem.code === "CONFLICT";
  const hasOpenid = ways.data?.ways.some(({ type }) => type === "openid") ?? false;
  return (
    <form className={form["form"]} onSubmit={submit}>
      {make.isError && !isTaken && <ProblemNotice error={make.error} title="The account was not made" />}
      <Field label="E-mail" error={isTaken ? make.error?.message : undefined}>
        {(control) => <Input {...control} name="email" type="email" maxLength={254} required autoComplete="off" />}
      </Field>
      <Field label="Name">{(control) => <Input {...control} name="name" maxLength={120} autoComplete="off" />}</Field>
      <RoleBoxes chosen={roles} onChoose={setRoles} />
      {hasOpenid && (
        <Field label="Signs in with">
          {(control) => (
            <Select {...control} name="way" defaultValue="password">
              <option value="password">A password that is made now</option>
              <option value="openid">A linked account only, no password</option>
            </Select>
          )}
        </Field>
      )}
      <Button type="submit" variant="primary" busy={make.isPending} disabled={roles.length === 0}>
        Make account
      </Button>
    </form>
  );
}
