import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { HeadedPage } from "../../components/page.tsx";
import tabs from "../../components/tabs.module.css";
import { Account } from "../../features/auth/account.tsx";
import { ApiTokens } from "../../features/api-tokens/api-tokens.tsx";
import { ServerConfigForm } from "../../features/config/server-config-form.tsx";
import { Appearance } from "../../features/preferences/appearance.tsx";
import { Users } from "../../features/users/users.tsx";
import { RunnerList } from "../../features/runners/runner-list.tsx";
import styles from "./settings-page.module.css";

export function SettingsPage() {
  const mayReadConfig = useMay("config:read");
  const mayReadUsers = useMay("users:read");
  const list = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  // On a telephone there is no room for all tabs: the chosen one may be out of sight.
  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname, mayReadConfig, mayReadUsers]);
  const places = [
    [paths.settings, "Account"],
    [paths.settingsTokens, "API tokens"],
    [paths.settingsAppearance, "Appearance"],
    ...(mayReadUsers ? ([[paths.settingsUsers, "Users"]] as const) : []),
    ...(mayReadConfig ? ([[paths.settingsServer, "Server"]] as const) : []),
    [paths.settingsRunners, "Runners"],
  ] as const;
  return (
    <HeadedPage title="Settings">
      <nav ref={list} className={tabs["list"]} aria-label="Settings">
        {places.map(([to, words]) => (
          <Link
            key={to}
            to={to}
            className={tabs["tab"]}
            activeOptions={{ exact: true }}
            activeProps={{ "aria-current": "page" }}
          >
            {words}
          </Link>
        ))}
      </nav>
      <div className={styles["content"]}>
        <Outlet />
      </div>
    </HeadedPage>
  );
}

export { Account as AccountTab, ApiTokens as TokensTab, Appearance as AppearanceTab };
export { RunnerList as RunnersTab, ServerConfigForm as ServerTab, Users as UsersTab };
