import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** What the provider says of the person who signs in next. */
export interface TestPerson {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Reached level of authentication. */
  readonly acr?: string;
}

export interface TestOpenidProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whoever comes next is this person, without being asked. */
  person: TestPerson;
  /** ID tokens and access tokens that it has given out. */
  readonly issued: readonly string[];
  close(): Promise<void>;
}

const clientId = "assay";

/** A certified OpenID provider on this machine that knows one client. */
export async function startTestOpenidProvider(
  redirectUris: readonly string[],
  clientSecret = "a client secret that only this test knows",
): Promise<TestOpenidProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issued: string[] = [];
  const self: TestOpenidProvider = {
    issuer,
    clientId,
    clientSecret,
    person: { subject: "nobody", claims: {} },
    issued,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const people = new Map<string, TestPerson>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [...redirectUris],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"], acr: null },
    acrValues: ["low", "high"],
    features: { devInteractions: { enabled: false } },
    // Named, as the library warns of each that is left to it.
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    jwks: { keys: [generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" })] },
    pkce: { required: () => true },
    cookies: { keys: ["a key for cookies"] },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject)?.claims }),
    }),
  });
  provider.on("grant.success", ({ body }) => {
    const tokens = body as Readonly<Record<string, unknown>>;
    issued.push(...[tokens["id_token"], tokens["access_token"]].filter((token) => typeof token === "string"));
  });
  // Nobody is asked: the person who is set signs in and consents.
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/interaction/")) return next();
    const { person } = self;
    people.set(person.subject, person);
    const { params } = await provider.interactionDetails(ctx.req, ctx.res);
    const grant = new provider.Grant({ accountId: person.subject, clientId });
    grant.addOIDCScope(String(params["scope"]));
    const consent = { grantId: await grant.save() };
    const login = { accountId: person.subject, ...(person.acr !== undefined && { acr: person.acr }) };
    await provider.interactionFinished(ctx.req, ctx.res, { login, consent }, { mergeWithLastSubmission: false });
    ctx.respond = false;
  });
  const handle = provider.callback();
  server.on("request", (req, res) => void handle(req, res));
  return self;
}

/** A browser that keeps cookies for every site and follows redirects one by one. */
export function createTestBrowser() {
  const cookies = new Map<string, Map<string, string>>();
  return {
    /** One request; no redirect is followed. */
    async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
      const { origin } = new URL(url);
      const jar = cookies.get(origin) ?? new Map<string, string>();
      cookies.set(origin, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(url, { redirect: "manual", headers: { ...headers, ...(cookie && { cookie }) } });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        const at = pair.indexOf("=");
        jar.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return response;
    },
    cookie: (origin: string): string =>
      [...(cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; "),
    setCookie(origin: string, cookie: string): void {
      const [name = "", ...value] = cookie.split("=");
      cookies.set(origin, (cookies.get(origin) ?? new Map<string, string>()).set(name, value.join("=")));
    },
  };
}
