import { signInPath } from "@assay/contract";

/** Every address of the dashboard, as the router knows it. */
export const paths = {
  home: "/",
  signIn: signInPath,
  extract: "/extract",
  lookups: "/lookups",
  lookup: "/lookups/$id",
  compare: "/lookups/$id/compare/$otherId",
  batches: "/batches",
  /** No id is so short. */
  batchNew: "/batches/new",
  batch: "/batches/$id",
  sources: "/sources",
  source: "/sources/$slug",
  sourceEdit: "/sources/$slug/edit",
  /** No slug is a hyphen. */
  sourceNew: "/sources/-/new",
  ignoreLists: "/ignore-lists",
  ignoreList: "/ignore-lists/$slug",
  decisions: "/decisions",
  secrets: "/secrets",
  cache: "/cache",
  audit: "/audit",
  settings: "/settings",
  settingsTokens: "/settings/tokens",
  settingsUsers: "/settings/users",
  settingsAppearance: "/settings/appearance",
  settingsServer: "/settings/server",
  settingsRunners: "/settings/runners",
} as const;
