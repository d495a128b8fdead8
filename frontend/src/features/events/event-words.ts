import type { AuditEvent } from "@assay/contract";

const actionWords: Readonly<Record<string, string>> = {
  "apiToken.create": "made an API token",
  "apiToken.update": "changed an API token",
  "apiToken.regenerate": "renewed an API token",
  "apiToken.delete": "revoked an API token",
  "batch.create": "made a batch",
  "batch.start": "started a batch",
  "batch.pause": "paused a batch",
  "batch.resume": "went on with a batch",
  "batch.cancel": "cancelled a batch",
  "batch.retry": "had what failed looked up again of a batch",
  "batch.delete": "deleted a batch",
  "batch.read": "looked at a private batch of",
  "batch.export": "exported a batch",
  "cache.clear": "cleared the cache of",
  "config.update": "changed settings",
  "config.reset": "reset settings",
  "decision.create": "decided about",
  "decision.update": "changed a decision about",
  "decision.withdraw": "withdrew a decision about",
  "event.export": "exported events",
  "ignoreList.create": "made an ignore list",
  "ignoreList.update": "changed an ignore list",
  "ignoreList.changeEntries": "changed the entries of an ignore list",
  "ignoreList.refresh": "fetched the file of an ignore list",
  "ignoreList.tie": "changed whom an ignore list concerns",
  "ignoreList.delete": "deleted an ignore list",
  "ignoreList.install": "installed an ignore list",
  "ignoreList.upgrade": "upgraded an ignore list",
  "ignoreList.release": "let go of an ignore list",
  "provider.create": "added a provider",
  "provider.update": "changed a provider",
  "provider.delete": "deleted a provider",
  "provider.install": "installed a provider",
  "provider.upgrade": "upgraded a provider",
  "provider.release": "let go of a provider",
  "request.cancel": "cancelled a lookup",
  "request.read": "read a private lookup of",
  "request.prune": "deleted by age or size",
  "request.update": "changed who sees a lookup",
  "request.export": "exported lookups",
  "secret.create": "added a secret",
  "secret.update": "changed a secret",
  "secret.delete": "deleted a secret",
  "secret.assign": "gave secrets to a source",
  "secret.test": "tried out a secret",
  "secret.reveal": "read the value of a secret",
  "source.create": "added a source",
  "source.update": "changed a source",
  "source.rollBack": "rolled a source back",
  "source.delete": "deleted a source",
  "source.install": "installed a source",
  "source.upgrade": "upgraded a source",
  "source.release": "let go of a source",
  "user.create": "made an account",
  "user.signUp": "asked for an account",
  "user.approve": "approved an account",
  "user.decline": "declined an account",
  "user.expire": "forgot a wish for an account",
  "user.update": "changed an account",
  "user.delete": "deleted an account",
  "user.resetPassword": "made a new password",
  "user.signIn": "signed in",
  "user.signInBasic": "signed in with HTTP Basic",
  "user.failSignIn": "failed to sign in",
  "user.throttleSignIn": "was kept from signing in",
  "user.signOut": "signed out",
  "user.changePassword": "changed a password",
  "user.endSession": "ended a session",
  "user.signOutEverywhere": "signed out everywhere",
  "user.linkIdentity": "linked an account elsewhere",
  "user.unlinkIdentity": "unlinked an account elsewhere",
};

/** What was done, to follow who did it. */
export function actionPhrase({ action }: Pick<AuditEvent, "action">): string {
  return actionWords[action] ?? action;
}

/** Who did it. */
export function actorWords({ actor }: Pick<AuditEvent, "actor">): string {
  switch (actor.type) {
    case "system":
      return "Assay";
    case "anonymous":
      return "Somebody";
    case "apiToken":
      return `${actor.email ?? "a user"}’s token`;
    case "user":
      return actor.email ?? "A user";
  }
}

export const actorTypeWords: Readonly<Record<AuditEvent["actor"]["type"], string>> = {
  user: "People",
  apiToken: "API tokens",
  system: "Assay itself",
  anonymous: "Nobody signed in",
};

/** The nouns of actions, in plural. */
export const nounWords: Readonly<Record<string, string>> = {
  apiToken: "API tokens",
  cache: "Cache",
  decision: "Decisions",
  event: "Events",
  ignoreList: "Ignore lists",
  request: "Lookups",
  provider: "Providers",
  config: "Settings",
  secret: "Secrets",
  source: "Sources",
  user: "Users and sign-ins",
};
