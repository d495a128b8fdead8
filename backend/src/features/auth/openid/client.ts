import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Clock } from "../../../context.ts";
import { flowMaxAgeMs, type SignInFlow } from "../../../http/session.ts";
import { identityOf, type ProvenIdentity, reachesLevel } from "./claims.ts";
import type { OpenidProvider } from "./providers.ts";
import { OpenidRefusal } from "./refusal.ts";

/** One provider, as its client. */
export interface OpenidClient {
  readonly provider: OpenidProvider;
  /** Begins: the URL to send the person to, and what to keep until they are back. @throws OpenidRefusal */
  start(next: string, linkUserId: string | null): Promise<{ readonly url: URL; readonly flow: SignInFlow }>;
  /** Ends: who the person is, everything checked. @throws OpenidRefusal */
  finish(flow: SignInFlow, reply: Readonly<Record<string, string | undefined>>): Promise<ProvenIdentity>;
}

export interface OpenidClientOptions {
  readonly provider: OpenidProvider;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
  readonly clock: Clock;
}

const timeoutSeconds = 10;
/** Providers change their keys and addresses seldom; the library asks for unknown keys by itself. */
const discoveredForMs = 60 * 60_000;

/** Nothing is asked of the provider before the first sign-in, so that one that is down hinders nobody else. */
export function createOpenidClient({ provider, redirectUri, clock }: OpenidClientOptions): OpenidClient {
  let discovered: { readonly configuration: Promise<Configuration>; readonly atMs: number } | null = null;

  const configured = async (): Promise<Configuration> => {
    const nowMs = clock.now().getTime();
    if (discovered === null || nowMs - discovered.atMs > discoveredForMs) {
      const fresh = { configuration: discover(provider), atMs: nowMs };
      discovered = fresh;
      fresh.configuration.catch(() => void (discovered === fresh && (discovered = null)));
    }
    try {
      return await discovered.configuration;
    } catch (cause) {
      throw new OpenidRefusal("unreachable", "its configuration could not be read", { cause });
    }
  };

  return {
    provider,
    async start(next, linkUserId) {
      const configuration = await configured();
      const flow: SignInFlow = {
        provider: provider.id,
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        startedAtMs: clock.now().getTime(),
        next,
        linkUserId,
      };
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        response_type: "code",
        scope: provider.scopes.join(" "),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.codeVerifier),
        code_challenge_method: "S256",
        ...(provider.acrValues.length > 0 && { acr_values: provider.acrValues.join(" ") }),
      });
      return { url, flow };
    },
    async finish(flow, reply) {
      if (clock.now().getTime() - flow.startedAtMs > flowMaxAgeMs) {
        throw new OpenidRefusal("expired", "more than ten minutes have passed since the start");
      }
      const configuration = await configured();
      const claims = await exchange(configuration, redirectUri, flow, reply);
      if (!reachesLevel(provider, claims))
        throw new OpenidRefusal("level", "the level (acr) is not one of those asked for");
      return identityOf(provider, configuration.serverMetadata().issuer, claims.sub, claims);
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenidProvider): Promise<Configuration> {
  const url = new URL(issuer);
  const authentication = clientSecret === null ? None() : ClientSecretPost(clientSecret);
  // Plain http is let through for this machine only; see the schema of the providers' file.
  const execute =
    url.protocol === "http:" ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks];
  return discovery(url, clientId, {}, authentication, { execute, timeout: timeoutSeconds });
}

async function exchange(
  configuration: Configuration,
  redirectUri: string,
  flow: SignInFlow,
  reply: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, unknown> & { readonly sub: string }> {
  const current = new URL(redirectUri);
  for (const [name, value] of Object.entries(reply)) if (value !== undefined) current.searchParams.set(name, value);
  try {
    const tokens = await authorizationCodeGrant(configuration, current, {
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      pkceCodeVerifier: flow.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new OpenidRefusal("failed", "there was no ID token");
    if (claims["email"] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
  } catch (cause) {
    if (cause instanceof OpenidRefusal) throw cause;
    if (cause instanceof AuthorizationResponseError)
      throw new OpenidRefusal("refused", "the provider refused", { cause });
    throw new OpenidRefusal("failed", "the answer of the provider did not hold", { cause });
  }
}
