import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/auth.ts";
import { ownPath } from "@assay/contract";
import { paths } from "../api/paths.ts";
import { isUnauthenticated } from "../api/query-client.ts";
import { HomePage } from "./pages/home-page.tsx";
import { LookupPage } from "./pages/lookup-page.tsx";
import { LookupsPage } from "./pages/lookups-page.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { SourcesPage } from "./pages/sources-page.tsx";
import {
  auditSearch,
  batchSearch,
  decisionsSearch,
  homeSearch,
  lookupSearch,
  lookupsSearch,
  settingsSearch,
  signInSearch,
  sourcesSearch,
} from "./search.ts";
import { Shell } from "./shell.tsx";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  validateSearch: signInSearch,
  component: SignInPage,
  beforeLoad: ({ context, search }) => {
    const signedIn = context.queryClient.getQueryData(meQuery.queryKey) !== undefined;
    if (signedIn) throw redirect({ href: ownPath(search.next) });
  },
});

/** Everything else is for people who are signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      throw redirect({ to: paths.signIn, search: location.href === paths.home ? {} : { next: location.href } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: paths.home,
  validateSearch: homeSearch,
  component: HomePage,
});
const extract = createRoute({
  getParentRoute: () => signedIn,
  path: paths.extract,
  component: lazyRouteComponent(() => import("./pages/extract-page.tsx"), "ExtractPage"),
});
const lookups = createRoute({
  getParentRoute: () => signedIn,
  path: paths.lookups,
  validateSearch: lookupsSearch,
  component: LookupsPage,
});
const lookup = createRoute({
  getParentRoute: () => signedIn,
  path: paths.lookup,
  validateSearch: lookupSearch,
  component: LookupPage,
});
const compare = createRoute({
  getParentRoute: () => signedIn,
  path: paths.compare,
  component: lazyRouteComponent(() => import("./pages/compare-page.tsx"), "ComparePage"),
});
const batches = createRoute({
  getParentRoute: () => signedIn,
  path: paths.batches,
  component: lazyRouteComponent(() => import("./pages/batches-page.tsx"), "BatchesPage"),
});
const batchNew = createRoute({
  getParentRoute: () => signedIn,
  path: paths.batchNew,
  component: lazyRouteComponent(() => import("./pages/new-batch-page.tsx"), "NewBatchPage"),
});
const batch = createRoute({
  getParentRoute: () => signedIn,
  path: paths.batch,
  validateSearch: batchSearch,
  component: lazyRouteComponent(() => import("./pages/batch-page.tsx"), "BatchPage"),
});
const sources = createRoute({
  getParentRoute: () => signedIn,
  path: paths.sources,
  validateSearch: sourcesSearch,
  component: SourcesPage,
});
const source = createRoute({
  getParentRoute: () => sources,
  path: "$slug",
  component: lazyRouteComponent(() => import("./pages/source-page.tsx"), "SourcePage"),
});

const sourceEdit = createRoute({
  getParentRoute: () => signedIn,
  path: paths.sourceEdit,
  component: lazyRouteComponent(() => import("./pages/edit-source-page.tsx"), "EditSourcePage"),
});
const sourceNew = createRoute({
  getParentRoute: () => signedIn,
  path: paths.sourceNew,
  component: lazyRouteComponent(() => import("./pages/new-source-page.tsx"), "NewSourcePage"),
});

const ignoreLists = createRoute({
  getParentRoute: () => signedIn,
  path: paths.ignoreLists,
  component: lazyRouteComponent(() => import("./pages/ignore-lists-page.tsx"), "IgnoreListsPage"),
});
const ignoreList = createRoute({
  getParentRoute: () => signedIn,
  path: paths.ignoreList,
  component: lazyRouteComponent(() => import("./pages/ignore-list-page.tsx"), "IgnoreListPage"),
});
const decisions = createRoute({
  getParentRoute: () => signedIn,
  path: paths.decisions,
  validateSearch: decisionsSearch,
  component: lazyRouteComponent(() => import("./pages/decisions-page.tsx"), "DecisionsPage"),
});
const secrets = createRoute({
  getParentRoute: () => signedIn,
  path: paths.secrets,
  component: lazyRouteComponent(() => import("./pages/secrets-page.tsx"), "SecretsPage"),
});
const cache = createRoute({
  getParentRoute: () => signedIn,
  path: paths.cache,
  component: lazyRouteComponent(() => import("./pages/cache-page.tsx"), "CachePage"),
});
const audit = createRoute({
  getParentRoute: () => signedIn,
  path: paths.audit,
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./pages/audit-page.tsx"), "AuditPage"),
});

/** Any other address, within the shell. */
const nowhere = createRoute({ getParentRoute: () => signedIn, path: "$", component: NotFoundPage });

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: paths.settings,
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "SettingsPage"),
});
const settingsAccount = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "AccountTab"),
});
const settingsTokens = createRoute({
  getParentRoute: () => settings,
  path: "tokens",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "TokensTab"),
});
const settingsUsers = createRoute({
  getParentRoute: () => settings,
  path: "users",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "UsersTab"),
});
const settingsAppearance = createRoute({
  getParentRoute: () => settings,
  path: "appearance",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "AppearanceTab"),
});
const settingsServer = createRoute({
  getParentRoute: () => settings,
  path: "server",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "ServerTab"),
});
const settingsRunners = createRoute({
  getParentRoute: () => settings,
  path: "runners",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "RunnersTab"),
});

export const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([
    home,
    extract,
    lookups,
    lookup,
    compare,
    batches,
    batchNew,
    batch,
    sources.addChildren([source]),
    sourceEdit,
    sourceNew,
    ignoreLists,
    ignoreList,
    decisions,
    secrets,
    cache,
    audit,
    nowhere,
    settings.addChildren([
      settingsAccount,
      settingsTokens,
      settingsUsers,
      settingsAppearance,
      settingsServer,
      settingsRunners,
    ]),
  ]),
]);
