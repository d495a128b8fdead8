import type { Scope } from "@assay/contract";

/** What each scope lets one do. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  "requests:read": "Read lookups",
  "requests:run": "Look indicators up",
  "requests:readAll": "Read others’ private lookups, but for TLP:RED",
  "decisions:read": "Read analysts’ decisions",
  "decisions:write": "Decide what indicators are",
  "sources:read": "Read sources and their code",
  "sources:write": "Change sources",
  "ignoreLists:read": "Read ignore lists",
  "ignoreLists:write": "Change ignore lists",
  "apiTokens:write": "Manage own API tokens",
  "secrets:read": "See which secrets there are",
  "secrets:write": "Keep, change and assign secrets",
  "secrets:reveal": "Read the values of secrets",
  "users:read": "Read accounts",
  "users:write": "Change accounts and their roles",
  "config:read": "Read the server’s settings",
  "config:write": "Change the server’s settings",
  "audit:read": "Read the audit log",
  "cache:read": "See what is in the cache",
  "cache:write": "Clear the cache",
};
