import type { api } from "@assay/contract";

/** What a call leaves that succeeds: an event of this action, or, for the reason given, none. */
export type Trail = { readonly action: string } | { readonly none: string };

type Api = typeof api;
type Unsafe = {
  [N in keyof Api]: {
    [E in keyof Api[N]]: Api[N][E] extends { readonly method: "GET" } ? never : `${N}.${E & string}`;
  }[keyof Api[N]];
}[keyof Api];
/** A GET that reads what few may, takes a record away, or signs in. */
type TellingGet = "secrets.value" | "events.export" | "auth.openidRedirect";

/** The trail of every endpoint that changes something, or reads a secret. The type wants each that is not a GET. */
export const endpointActions: Readonly<Record<Unsafe | TellingGet, Trail>> = {
  "auth.login": { action: "user.signIn" },
  "auth.logout": { action: "user.signOut" },
  "auth.password": { action: "user.changePassword" },
  "auth.openidRedirect": { action: "user.failSignIn" },
  "auth.openidLink": {
    none: "only begins; that the account is linked is told when the person is back (user.linkIdentity)",
  },
  "auth.unlink": { action: "user.unlinkIdentity" },
  "auth.signUp": { action: "user.signUp" },
  "auth.endSession": { action: "user.endSession" },
  "auth.signOutEverywhere": { action: "user.signOutEverywhere" },
  "indicators.plan": { none: "asks and keeps nothing" },
  "indicators.extract": { none: "reads the text that it is given and keeps nothing" },
  "apiTokens.create": { action: "apiToken.create" },
  "apiTokens.update": { action: "apiToken.update" },
  "apiTokens.regenerate": { action: "apiToken.regenerate" },
  "apiTokens.delete": { action: "apiToken.delete" },
  "batches.create": { action: "batch.create" },
  "batches.update": { action: "batch.update" },
  "batches.start": { action: "batch.start" },
  "batches.pause": { action: "batch.pause" },
  "batches.resume": { action: "batch.resume" },
  "batches.cancel": { action: "batch.cancel" },
  "batches.retry": { action: "batch.retry" },
  "batches.delete": { action: "batch.delete" },
  "cache.clear": { action: "cache.clear" },
  "config.update": { action: "config.update" },
  "decisions.create": { action: "decision.create" },
  "decisions.update": { action: "decision.update" },
  "decisions.withdraw": { action: "decision.withdraw" },
  "events.export": { action: "event.export" },
  "ignoreLists.create": { action: "ignoreList.create" },
  "ignoreLists.match": { none: "only asks, and keeps nothing" },
  "ignoreLists.import": { action: "ignoreList.create" },
  "ignoreLists.refresh": { action: "ignoreList.refresh" },
  "ignoreLists.update": { action: "ignoreList.update" },
  "ignoreLists.delete": { action: "ignoreList.delete" },
  "ignoreLists.addEntries": { action: "ignoreList.changeEntries" },
  "ignoreLists.replaceEntries": { action: "ignoreList.changeEntries" },
  "ignoreLists.removeEntries": { action: "ignoreList.changeEntries" },
  "ignoreLists.importEntries": { action: "ignoreList.changeEntries" },
  "ignoreLists.tieSources": { action: "ignoreList.tie" },
  "ignoreLists.tieProviders": { action: "ignoreList.tie" },
  "providers.create": { action: "provider.create" },
  "providers.update": { action: "provider.update" },
  "providers.delete": { action: "provider.delete" },
  "requests.create": { none: "a lookup is itself a record that stays, with who asked for what and when" },
  "requests.known": { none: "only asks, and keeps nothing" },
  "requests.update": { action: "request.update" },
  "requests.cancel": { action: "request.cancel" },
  "secrets.create": { action: "secret.create" },
  "secrets.update": { action: "secret.update" },
  "secrets.delete": { action: "secret.delete" },
  "secrets.liftRest": { action: "secret.liftRest" },
  "sources.liftRest": { action: "source.liftRest" },
  "secrets.value": { action: "secret.reveal" },
  "secrets.test": { action: "secret.test" },
  "sources.create": { action: "source.create" },
  "sources.check": { none: "only compiles, and keeps nothing" },
  "sources.test": {
    none: "runs code that is being written, and keeps nothing; lent secrets go to their own hosts only",
  },
  "sources.update": { action: "source.update" },
  "sources.delete": { action: "source.delete" },
  "sources.assignSecrets": { action: "secret.assign" },
  "sources.rollback": { action: "source.rollBack" },
  "users.create": { action: "user.create" },
  "users.update": { action: "user.update" },
  "users.delete": { action: "user.delete" },
  "users.resetPassword": { action: "user.resetPassword" },
  "users.signOut": { action: "user.signOut" },
  "users.revokeApiToken": { action: "apiToken.delete" },
};
