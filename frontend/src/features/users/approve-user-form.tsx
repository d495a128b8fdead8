import type { Role, UserAccount } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import form from "./new-user-form.module.css";
import { RoleBoxes } from "./role-boxes.tsx";

interface ApproveUserFormProps {
  readonly user: UserAccount;
  readonly onDone: () => void;
}

export function ApproveUserForm({ user, onDone }: ApproveUserFormProps) {
  const [roles, setRoles] = useState<readonly Role[]>(["viewer"]);
  const approve = useMutation({
    mutationFn: () => client.users.update({ params: { id: user.id }, body: { enabled: true, roles: [...roles] } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    approve.mutate();
  };
  return (
    <form className={form["form"]} onSubmit={submit}>
      {approve.isError && <ProblemNotice error={approve.error} title="The account was not approved" />}
      <p>The password is the one that was chosen when asking. Nobody has checked whose address it is.</p>
      <RoleBoxes chosen={roles} onChoose={setRoles} />
      <Button type="submit" variant="primary" busy={approve.isPending} disabled={roles.length === 0}>
        Approve
      </Button>
    </form>
  );
}
