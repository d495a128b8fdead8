// What a JavaScript or TypeScript source is given. Ambient: nothing to import; assay.pyi says the same for Python.

/** What is asked about. */
interface Indicator {
  /** In canonical form, such as "8.8.8.8". */
  readonly data: string;
  readonly kind: IndicatorKind;
}

interface Context<Config extends object = AnyConfig> {
  /** The settings of the manifest, with their defaults filled in. */
  readonly config: Config;
  /** By slot of the manifest. What nothing was put into is undefined. */
  readonly secrets: Secrets;
  /** When the answer has to be there, in milliseconds as Date.now() gives them. */
  readonly deadline: number;
  /** Aborted a little before the deadline, so that a source can still give what it has. */
  readonly signal: AbortSignal;
  /** Lines that come back with the answer. */
  readonly log: Log;
  readonly http: Http;
  readonly dns: Dns;
  /** To be returned: the upstream has no record. */
  notFound(): NotFound;
  /** To be returned or thrown: the upstream wants fewer calls, for so many milliseconds. */
  rateLimited(retryAfterMs?: number, message?: string): SourceProblem;
  /** To be returned or thrown: the upstream does not take the credentials. */
  unauthorized(message?: string): SourceProblem;
  /** To be returned or thrown: the upstream answered with something of another shape. */
  badResponse(message?: string): SourceProblem;
}

/**
 * Each is a placeholder: sent to a host of the secret in a header, URL or body, it becomes the value on its way there. Only of a slot
 * that is `exposed` the value itself.
 */
interface Secrets {
  readonly [slot: string]: string | undefined;
}

/** `export const fetchData: FetchData = async (indicator, context) => …`, or a function of that name. */
type FetchData = (indicator: Indicator, context: Context) => Promise<Result | NotFound | SourceProblem>;

/** What a source answers with. An object with other keys beside these is taken as data without an opinion. */
interface Result {
  /** Any JSON: what the upstream said. */
  readonly data: unknown;
  /** `none`, which is the default, is context without an opinion. */
  readonly verdict?: Opinion;
  readonly reasons?: readonly Reason[];
  readonly labels?: readonly string[];
  readonly facts?: Facts;
  readonly relations?: readonly Relation[];
  readonly link?: string | null;
  /** When the provider saw it, in RFC 3339. */
  readonly observedAt?: string | null;
}

type Opinion = "malicious" | "suspicious" | "benign" | "none";

interface Reason {
  readonly code: string;
  readonly text: string;
  readonly value?: number | string | boolean;
  readonly threshold?: number;
}

/** An indicator that has to do with this one, in canonical form. `type` is such as `resolves_to`. */
interface Relation {
  readonly kind: IndicatorKind;
  readonly data: string;
  readonly type: string;
}

/** Facts that mean the same whoever tells them. Times are in RFC 3339, countries in ISO 3166. */
interface Facts {
  readonly asn?: number;
  readonly asName?: string;
  readonly country?: string;
  readonly city?: string;
  readonly network?: string;
  readonly org?: string;
  readonly scope?: string;
  readonly reverseName?: string;
  readonly ports?: readonly number[];
  readonly hostnames?: readonly string[];
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly registrar?: string;
  readonly registeredAt?: string;
  readonly expiresAt?: string;
  readonly nameservers?: readonly string[];
  readonly malwareFamily?: string;
  readonly fileType?: string;
  readonly fileName?: string;
  readonly fileSize?: number;
  readonly cves?: readonly string[];
  readonly tags?: readonly string[];
  readonly score?: number;
}

interface NotFound {
  readonly notFound: true;
}

/** An error that, thrown or returned, becomes the source's outcome. What context.http and fetch throw is one. */
interface SourceProblem extends Error {
  readonly code:
    | "RATE_LIMITED"
    | "UNAUTHORIZED"
    | "FORBIDDEN"
    | "UPSTREAM_ERROR"
    | "BAD_RESPONSE"
    | "EGRESS_DENIED"
    | "TIMEOUT"
    | "SANDBOX_LIMIT";
  /** Of the broker's refusals. */
  readonly host?: string;
  /** Of UPSTREAM_ERROR. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** Of what context.http throws because of a status. */
  readonly response?: HttpResponse;
}

interface Log {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

interface Http {
  get(url: string | URL, options?: HttpOptions): Promise<HttpResponse>;
  post(url: string | URL, options?: HttpOptions): Promise<HttpResponse>;
  request(method: string, url: string | URL, options?: HttpOptions): Promise<HttpResponse>;
}

type HttpFields = Readonly<Record<string, unknown>>;

interface HttpOptions {
  /** Added to the URL; a list gives the name several times, undefined and null are left out. */
  readonly query?: HttpFields | string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** One of json, form and body. */
  readonly json?: unknown;
  readonly form?: HttpFields | string;
  readonly body?: string | ArrayBuffer | ArrayBufferView;
  /** `follow`, which is the default, up to three times; `error` makes one a BAD_RESPONSE. */
  readonly redirect?: "follow" | "manual" | "error";
  readonly timeoutMs?: number;
  /** False: 401, 403, 429 and 500 or more are answers too, and not thrown. */
  readonly throwOnStatus?: boolean;
}

interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** That answered, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  /** The status is 200 to 299. */
  readonly ok: boolean;
  /** By name in lower case; what came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  bytes(): Uint8Array;
  /** Throws BAD_RESPONSE where the text is not JSON. Its shape is for the source to check. */
  // oxlint-disable-next-line typescript/no-explicit-any
  json(): any;
}

interface Dns {
  /** A, where no type is given. For PTR the name may be an address. */
  resolve<Type extends keyof DnsRecords = "A">(name: string, type?: Type): Promise<DnsAnswer<DnsRecords[Type]>>;
}

interface DnsAnswer<Record> {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "NODATA";
  /** Empty where there are none. */
  readonly records: Record[];
}

interface DnsRecords {
  A: string;
  AAAA: string;
  NS: string;
  CNAME: string;
  PTR: string;
  TXT: string;
  MX: { readonly priority: number; readonly exchange: string };
  CAA: { readonly critical: number; readonly tag: string; readonly value: string };
  SOA: {
    readonly nsname: string;
    readonly hostmaster: string;
    readonly serial: number;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minttl: number;
  };
}

type IndicatorKind =
  | "IPV4"
  | "IPV6"
  | "CIDR"
  | "ASN"
  | "IP_PORT"
  | "MAC"
  | "DOMAIN"
  | "URL"
  | "ONION"
  | "EMAIL"
  | "PHONE"
  | "MD5"
  | "SHA1"
  | "SHA256"
  | "SHA512"
  | "TLSH"
  | "SSDEEP"
  | "IMPHASH"
  | "JA3"
  | "JA4"
  | "JARM"
  | "CVE"
  | "BTC"
  | "ETH"
  | "REGISTRY_KEY";

// oxlint-disable-next-line typescript/no-explicit-any
type AnyConfig = { readonly [name: string]: any };
