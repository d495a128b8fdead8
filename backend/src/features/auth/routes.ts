import type { authApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { ConfigStore } from "../config/config-store.ts";
import type { PasswordSignIn } from "./password-sign-in.ts";
import { changePassword, login, logout, me } from "./service.ts";

/** The endpoints of signing in and out. */
export function authRoutes(signIn: PasswordSignIn, settings: ConfigStore): Handlers<typeof authApi> {
  return {
    ways: async () => ({ status: 200, body: { ways: [{ type: "password" }] } }),
    login: async (ctx, { body }, exchange) => ({ status: 200, body: await login(ctx, body, exchange, signIn) }),
    async logout(ctx, _input, exchange) {
      await logout(ctx, exchange);
      return { status: 204, body: null };
    },
    me: async (ctx, _input, exchange) => ({ status: 200, body: me(ctx, exchange) }),
    async password(ctx, { body }, exchange) {
      await changePassword(ctx, body, exchange, signIn, settings.current().passwordLengthMin);
      return { status: 204, body: null };
    },
  };
}
