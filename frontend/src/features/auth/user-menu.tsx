import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleUser, KeyRound, LogOut, SunMoon } from "lucide-react";
import { meQuery } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { useSignOut } from "./use-sign-out.ts";
import styles from "./user-menu.module.css";

export function UserMenu() {
  const me = useQuery(meQuery);
  const navigate = useNavigate();
  const { signOut } = useSignOut();
  const name = me.data ? me.data.user.name || me.data.user.email : "";
  return (
    <Menu
      trigger={
        <button type="button" className={styles["user"]} aria-label={`Account of ${name}`} title={me.data?.user.email}>
          <CircleUser size={18} aria-hidden />
          <span className={styles["name"]}>{name}</span>
        </button>
      }
    >
      <MenuItem icon={<KeyRound size={16} />} onSelect={() => void navigate({ to: paths.settings })}>
        Account
      </MenuItem>
      <MenuItem icon={<SunMoon size={16} />} onSelect={() => void navigate({ to: paths.settingsAppearance })}>
        Appearance
      </MenuItem>
      <MenuItem icon={<LogOut size={16} />} onSelect={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
