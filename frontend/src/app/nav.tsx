import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import {
  ChevronsLeft,
  ChevronsRight,
  CircleHelp,
  Code,
  Database,
  Ellipsis,
  Gavel,
  History,
  Layers,
  ListChecks,
  KeyRound,
  ListFilter,
  ScrollText,
  Search,
  Settings,
} from "lucide-react";
import { useMay } from "../api/auth.ts";
import { paths } from "../api/paths.ts";
import { Menu, MenuItem } from "../components/menu.tsx";
import { UserMenu } from "../features/auth/user-menu.tsx";
import { usePreferences } from "../features/preferences/use-preferences.ts";
import { RunnersSign } from "../features/runners/runners-sign.tsx";
import { Logo } from "./logo.tsx";
import styles from "./nav.module.css";

/** On a telephone there is room for five: those that are `later` stand behind "More". */
const places = [
  { to: paths.home, words: "Look up", icon: Search, exact: true, later: false },
  { to: paths.extract, words: "Extract", icon: ListChecks, exact: false, later: false },
  { to: paths.batches, words: "Batches", icon: Layers, exact: false, later: false },
  { to: paths.lookups, words: "History", icon: History, exact: false, later: false },
  { to: paths.decisions, words: "Decisions", icon: Gavel, exact: false, later: true, scope: "decisions:read" },
  { to: paths.sources, words: "Sources", icon: Code, exact: false, later: true },
  {
    to: paths.ignoreLists,
    words: "Ignore lists",
    icon: ListFilter,
    exact: false,
    later: true,
    scope: "ignoreLists:read",
  },
  { to: paths.secrets, words: "Secrets", icon: KeyRound, exact: false, later: true, scope: "secrets:read" },
  { to: paths.cache, words: "Cache", icon: Database, exact: false, later: true, scope: "cache:read" },
  { to: paths.audit, words: "Audit", icon: ScrollText, exact: false, later: true, scope: "audit:read" },
  { to: paths.settings, words: "Settings", icon: Settings, exact: false, later: true },
] as const;

export function Nav({ onHelp }: { readonly onHelp: () => void }) {
  const { preferences, setPreference } = usePreferences();
  const may = {
    "decisions:read": useMay("decisions:read"),
    "ignoreLists:read": useMay("ignoreLists:read"),
    "secrets:read": useMay("secrets:read"),
    "cache:read": useMay("cache:read"),
    "audit:read": useMay("audit:read"),
  };
  const shown = places.filter((place) => !("scope" in place) || may[place.scope]);
  const navigate = useNavigate();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const isLater = shown.some(({ to, later }) => later && pathname.startsWith(to));
  const narrow = preferences.nav === "icons";
  return (
    <nav className={[styles["nav"], narrow ? styles["icons"] : ""].join(" ")} aria-label="Assay">
      <Link to={paths.home} className={styles["brand"]} aria-label="Assay, home">
        <Logo sizePx={28} />
        <span className={styles["words"]}>Assay</span>
      </Link>
      <ul className={styles["places"]}>
        {shown.map(({ to, words, icon: Icon, exact, later }) => (
          <li key={to} className={later ? styles["later"] : undefined}>
            <Link
              to={to}
              className={styles["place"]}
              activeOptions={{ exact, includeSearch: false }}
              activeProps={{ "aria-current": "page" }}
              title={words}
            >
              <Icon size={18} aria-hidden />
              <span className={styles["words"]}>{words}</span>
            </Link>
          </li>
        ))}
        <li className={styles["more"]}>
          <Menu
            align="end"
            trigger={
              <button type="button" className={styles["place"]} aria-current={isLater ? "page" : undefined}>
                <Ellipsis size={18} aria-hidden />
                <span className={styles["words"]}>More</span>
              </button>
            }
          >
            {shown
              .filter(({ later }) => later)
              .map(({ to, words, icon: Icon }) => (
                <MenuItem key={to} icon={<Icon size={16} aria-hidden />} onSelect={() => void navigate({ to })}>
                  {words}
                </MenuItem>
              ))}
          </Menu>
        </li>
      </ul>
      <div className={styles["foot"]}>
        <RunnersSign />
        <button type="button" className={styles["place"]} onClick={onHelp} title="Keyboard help">
          <CircleHelp size={18} aria-hidden />
          <span className={styles["words"]}>Keyboard</span>
        </button>
        <button
          type="button"
          className={[styles["place"], styles["fold"]].join(" ")}
          onClick={() => setPreference("nav", narrow ? "full" : "icons")}
          title={narrow ? "Show names" : "Show icons only"}
        >
          {narrow ? <ChevronsRight size={18} aria-hidden /> : <ChevronsLeft size={18} aria-hidden />}
          <span className={styles["words"]}>{narrow ? "Show names" : "Fold"}</span>
        </button>
        <UserMenu />
      </div>
    </nav>
  );
}
