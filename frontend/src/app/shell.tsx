import { Outlet, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../api/auth.ts";
import { paths } from "../api/paths.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { LookupBox } from "../features/requests/box/lookup-box.tsx";
import { focusLookupBox } from "../features/requests/box/focus-lookup-box.ts";
import { useHotkeys } from "../components/use-hotkeys.ts";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { Nav } from "./nav.tsx";
import styles from "./shell.module.css";

/** What stands around every page: navigation, the look-up box, and the page itself. */
export function Shell() {
  const [helpOpen, setHelpOpen] = useState(false);
  const atHome = useRouterState({ select: (state) => state.location.pathname === paths.home });
  const mayRun = useMay("requests:run");
  useHotkeys({ "/": focusLookupBox, "mod+k": focusLookupBox, "?": () => setHelpOpen(true) });
  return (
    <div className={styles["shell"]}>
      <a href="#main" className={styles["skip"]}>
        Skip to the page
      </a>
      <Nav onHelp={() => setHelpOpen(true)} />
      <div className={styles["column"]}>
        <ConnectionBanner />
        {!atHome && mayRun && (
          <header className={styles["bar"]}>
            <LookupBox size="bar" />
          </header>
        )}
        <main id="main" tabIndex={-1} className={styles["main"]}>
          <Outlet />
        </main>
      </div>
      <KeyboardHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
