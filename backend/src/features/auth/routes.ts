import type { authApi, SignInWay } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { fail } from "../../problem-error.ts";
import type { ConfigStore } from "../config/config-store.ts";
import type { OpenidClient } from "./openid/client.ts";
import { finishFlow, ownIdentities, startLink, startSignIn, unlinkIdentity } from "./openid/service.ts";
import { endOwnSession, ownSessions, signOutEverywhere } from "./own-sessions.ts";
import type { PasswordRules } from "./password-rules.ts";
import type { PasswordSignIn } from "./password-sign-in.ts";
import { changePassword, login, logout, me } from "./service.ts";
import type { createSignUp } from "./sign-up.ts";

export interface AuthParts {
  readonly signIn: PasswordSignIn;
  readonly signUp: ReturnType<typeof createSignUp>;
  readonly rules: PasswordRules;
  readonly openid: ReadonlyMap<string, OpenidClient>;
  readonly settings: ConfigStore;
}

const signUpMessage =
  "An administrator will look at it. Sign in with this address and password once you have been let in.";

/** The endpoints of signing in and out. */
export function authRoutes({ signIn, signUp, rules, openid, settings }: AuthParts): Handlers<typeof authApi> {
  const client = (id: string): OpenidClient =>
    openid.get(id) ?? fail("NOT_FOUND", `There is no OpenID provider ${id} here.`);
  const ways: SignInWay[] = [
    { type: "password" },
    ...[...openid.values()].map(({ provider: { id, name } }) => ({ type: "openid" as const, provider: id, name })),
  ];
  return {
    async ways() {
      const { basicEnabled: basic, signUpEnabled, passwordLengthMin } = settings.current();
      return { status: 200, body: { ways, basic, signUp: signUpEnabled, passwordLengthMin } };
    },
    async signUp(ctx, { body }) {
      await signUp(ctx, body);
      return { status: 202, body: { message: signUpMessage } };
    },
    login: async (ctx, { body }, exchange) => ({ status: 200, body: await login(ctx, body, exchange, signIn) }),
    async logout(ctx, _input, exchange) {
      await logout(ctx, exchange);
      return { status: 204, body: null };
    },
    me: async (ctx, _input, exchange) => ({ status: 200, body: me(ctx, exchange) }),
    async password(ctx, { body }, exchange) {
      await changePassword(ctx, body, exchange, signIn, rules);
      return { status: 204, body: null };
    },
    async openidStart(ctx, { params, query }, exchange) {
      const headers = await startSignIn(ctx, client(params.provider), query.next, exchange);
      return { status: 302, body: null, headers };
    },
    async openidRedirect(ctx, { params, query }, exchange) {
      return { status: 302, body: null, headers: await finishFlow(ctx, client(params.provider), query, exchange) };
    },
    async openidLink(ctx, { params }, exchange) {
      return { status: 200, body: { url: await startLink(ctx, client(params.provider), exchange) } };
    },
    identities: async (ctx) => ({ status: 200, body: await ownIdentities(ctx) }),
    async unlink(ctx, { params }) {
      await unlinkIdentity(ctx, params.id);
      return { status: 204, body: null };
    },
    sessions: async (ctx, _input, exchange) => ({ status: 200, body: { items: await ownSessions(ctx, exchange) } }),
    async endSession(ctx, { params }) {
      await endOwnSession(ctx, params.id);
      return { status: 204, body: null };
    },
    async signOutEverywhere(ctx, _input, exchange) {
      await signOutEverywhere(ctx, exchange);
      return { status: 204, body: null };
    },
  };
}
