import type { Role, UserAccount, UserPatch } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Switch } from "../../components/switch.tsx";
import form from "./new-user-form.module.css";
import { RoleBoxes } from "./role-boxes.tsx";

interface EditUserFormProps {
  readonly user: UserAccount;
  /** Nobody changes what they themselves may do. */
  readonly isOwn: boolean;
  readonly onDone: () => void;
}

export function EditUserForm({ user, isOwn, onDone }: EditUserFormProps) {
  const [roles, setRoles] = useState<readonly Role[]>(user.roles);
  const [enabled, setEnabled] = useState(user.enabled);
  const save = useMutation({
    mutationFn: (body: UserPatch) => client.users.update({ params: { id: user.id }, body }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    save.mutate(isOwn ? { name } : { name, roles: [...roles], enabled });
  };
  return (
    <form className={form["form"]} onSubmit={submit}>
      {save.isError && <ProblemNotice error={save.error} title="The account was not changed" />}
      <Field label="Name">
        {(control) => <Input {...control} name="name" defaultValue={user.name} maxLength={120} autoComplete="off" />}
      </Field>
      {isOwn ? (
        <p>Your own roles can only be changed by another administrator.</p>
      ) : (
        <>
          <RoleBoxes chosen={roles} onChoose={setRoles} />
          <Switch label="May sign in" checked={enabled} onChange={setEnabled} />
        </>
      )}
      <Button type="submit" variant="primary" busy={save.isPending} disabled={roles.length === 0}>
        Save
      </Button>
    </form>
  );
}
