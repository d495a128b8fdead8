import { type Role, roles } from "@assay/contract";
import { roleWords } from "../../components/role-words.ts";
import styles from "./role-boxes.module.css";

interface RoleBoxesProps {
  readonly chosen: readonly Role[];
  readonly onChoose: (roles: Role[]) => void;
}

/** The roles of an account, any number but none. */
export function RoleBoxes({ chosen, onChoose }: RoleBoxesProps) {
  return (
    <fieldset className={styles["roles"]}>
      <legend>Roles</legend>
      {roles.map((role) => (
        <label key={role}>
          <input
            type="checkbox"
            checked={chosen.includes(role)}
            onChange={(event) =>
              onChoose(roles.filter((each) => (each === role ? event.target.checked : chosen.includes(each))))
            }
          />
          {roleWords[role]}
        </label>
      ))}
      {chosen.length === 0 && <p role="alert">Choose at least one role.</p>}
    </fieldset>
  );
}
