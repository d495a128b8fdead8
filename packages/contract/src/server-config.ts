import { z } from "zod";
import { Pap, Tlp, Visibility } from "./markings.ts";
import { deadlineMsMax, deadlineMsMin } from "./requests.ts";

export const settingGroups = ["lookups", "verdict", "retention", "signIn", "limits", "network", "audit"] as const;
export type SettingGroup = (typeof settingGroups)[number];
export const settingUnits = ["ms", "minutes", "hours", "days", "characters", "MiB"] as const;
export type SettingUnit = (typeof settingUnits)[number];

interface SettingWords {
  readonly title: string;
  /** What it does, without the unit and without a full stop. */
  readonly description: string;
  readonly group: SettingGroup;
  readonly unit?: SettingUnit;
}

function wholeNumber(minimum: number, maximum: number, initial: number, words: SettingWords) {
  return z
    .number()
    .int()
    .min(minimum)
    .max(maximum)
    .default(initial)
    .meta({ ...words });
}

/** How long something of lookups stays. */
function daysKept(title: string, description: string) {
  return wholeNumber(0, 3_650, 0, {
    title,
    description: `${description}; 0 is for ever`,
    group: "retention",
    unit: "days",
  });
}

function onOff(initial: boolean, words: SettingWords) {
  return z
    .boolean()
    .default(initial)
    .meta({ ...words });
}

const Origin = z
  .string()
  .max(300)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text,
    "must be an origin such as https://soar.example.org, without a path",
  );

/** An address, or a range of addresses as address/bits. */
const Network = z
  .string()
  .max(50)
  .refine(
    (text) => [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()].some((form) => form.safeParse(text).success),
    "must be an address or a range such as 10.0.0.0/8",
  );

/** The part of an e-mail address behind the @. */
const EmailDomain = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be a domain in lower case such as example.org",
  );

const perMinute = "calls a minute; 0 is no limit, else at least 60";

/** How long opinions of some kinds of indicator stay fresh. */
function freshFor(initial: number, whose: string, title: string) {
  return wholeNumber(0, 3_650, initial, {
    title,
    description: `Opinions on ${whose} count in full for so long after the provider's date; 0 is without end`,
    group: "verdict",
    unit: "days",
  });
}

/** None is so low that nobody could take it back. */
function calls(initial: number, words: SettingWords) {
  const allowed = z.number().int().min(0).max(1_000_000);
  const text = "must be 0 (no limit) or at least 60";
  return allowed
    .refine((number) => number === 0 || number >= 60, text)
    .default(initial)
    .meta({ ...words });
}

/** Server settings that live in the database and hold on every node. Each has its default and its words here. */
export const ServerConfig = z.strictObject({
  lookupDeadlineMs: wholeNumber(deadlineMsMin, deadlineMsMax, 30_000, {
    title: "Deadline of a lookup",
    description: "How long a lookup may take when the caller does not say",
    group: "lookups",
    unit: "ms",
  }),
  defaultTlp: Tlp.default("GREEN").meta({
    title: "TLP of a lookup",
    description: "TLP of a lookup when the caller does not say",
    group: "lookups",
  }),
  defaultPap: Pap.default("GREEN").meta({
    title: "PAP of a lookup",
    description: "PAP of a lookup when the caller does not say",
    group: "lookups",
  }),
  defaultVisibility: Visibility.default("everyone").meta({
    title: "Who sees a lookup",
    description: "Who sees a lookup when the caller does not say; those under TLP:RED are always private",
    group: "lookups",
  }),
  javascriptEnabled: onOff(true, {
    title: "Ask sources in JavaScript",
    description: "Sources in JavaScript and TypeScript are asked",
    group: "lookups",
  }),
  pythonEnabled: onOff(true, {
    title: "Ask sources in Python",
    description: "Sources in Python are asked",
    group: "lookups",
  }),
  addressFreshDays: freshFor(30, "IP addresses and networks", "Addresses stay fresh for"),
  urlFreshDays: freshFor(14, "URLs", "URLs stay fresh for"),
  domainFreshDays: freshFor(90, "domains, onion addresses and e-mail addresses", "Domains stay fresh for"),
  otherFreshDays: freshFor(0, "hashes and all other kinds", "Hashes and the rest stay fresh for"),
  batchLookupsAtOnce: wholeNumber(1, 256, 32, {
    title: "Lookups of batches at once",
    description: "So many lookups of batches are under way at once on each worker; people's lookups go before them",
    group: "lookups",
  }),
  lookupDaysKept: daysKept("Keep lookups", "How long lookups are kept, with all their answers"),
  okDaysKept: daysKept("Keep answers", "How long answers of sources that know the indicator are kept"),
  notFoundDaysKept: daysKept(
    "Keep answers without a record",
    "How long answers of sources that have no record are kept",
  ),
  failedDaysKept: daysKept("Keep failures", "How long answers of sources that failed are kept"),
  skippedDaysKept: daysKept("Keep what was skipped", "How long it is kept which sources were not asked, and why"),
  lookupMebibytesMax: wholeNumber(0, 100_000_000, 0, {
    title: "Most space for lookups",
    description: "Beyond so much in the database the oldest lookups are deleted; 0 is no limit",
    group: "retention",
    unit: "MiB",
  }),
  sessionIdleMinutes: wholeNumber(5, 20_160, 1_440, {
    title: "End idle sessions after",
    description: "A session that is not used for so long ends",
    group: "signIn",
    unit: "minutes",
  }),
  sessionHours: wholeNumber(1, 720, 168, {
    title: "End sessions after",
    description: "A session ends so long after the sign-in, however much it is used",
    group: "signIn",
    unit: "hours",
  }),
  passwordLengthMin: wholeNumber(12, 128, 12, {
    title: "Shortest password",
    description: "New passwords have at least so many characters",
    group: "signIn",
    unit: "characters",
  }),
  passwordScoreMin: wholeNumber(0, 4, 3, {
    title: "Weakest password",
    description:
      "How hard to guess a password has to be that somebody chooses: 0 lets all through, 3 withstands a thief of the database, 4 is strict",
    group: "signIn",
  }),
  signUpEnabled: onOff(false, {
    title: "Sign-up",
    description: "Anybody who can open Assay may ask for an account; it works once an administrator has approved it",
    group: "signIn",
  }),
  signUpDomains: z.array(EmailDomain).max(50).default([]).meta({
    title: "Domains for sign-up",
    description: "Only e-mail addresses of these domains may sign up; with none, all may",
    group: "signIn",
  }),
  basicEnabled: onOff(true, {
    title: "HTTP Basic",
    description: "Scripts may sign in with e-mail and password on every call",
    group: "signIn",
  }),
  signInFailuresPerPair: wholeNumber(3, 100, 10, {
    title: "Failed sign-ins per account and address",
    description: "So many wrong passwords for one account from one address close that door for 15 minutes",
    group: "signIn",
  }),
  signInFailuresPerAddress: wholeNumber(10, 10_000, 50, {
    title: "Failed sign-ins per address",
    description: "So many wrong passwords from one address, whatever the account, close it for 15 minutes",
    group: "signIn",
  }),
  signInFailuresPerAccount: wholeNumber(10, 10_000, 50, {
    title: "Failed sign-ins per account",
    description:
      "So many wrong passwords for one account, from anywhere, close it for five minutes to addresses from which nobody signed in to it before",
    group: "signIn",
  }),
  callsPerAddress: calls(12_000, {
    title: "Calls per address",
    description: `Most calls of the API from one address, ${perMinute}`,
    group: "limits",
  }),
  callsPerUser: calls(6_000, {
    title: "Calls per user",
    description: `Most calls of the API by one user in person, ${perMinute}`,
    group: "limits",
  }),
  callsPerToken: calls(6_000, {
    title: "Calls per API token",
    description: `Most calls of the API with one token, ${perMinute}`,
    group: "limits",
  }),
  trustedProxies: z.array(Network).max(50).default([]).meta({
    title: "Trusted proxies",
    description: "Addresses of proxies whose word (X-Forwarded-For) is taken for where a call came from",
    group: "network",
  }),
  corsOrigins: z.array(Origin).max(50).default([]).meta({
    title: "Other sites that may call the API",
    description: "Pages of these origins may call the API with a token; cookies are never taken from them",
    group: "network",
  }),
  auditDaysKept: wholeNumber(31, 3_650, 400, {
    title: "Keep events",
    description: "How long events of the audit log are kept",
    group: "audit",
    unit: "days",
  }),
});
export type ServerConfig = z.infer<typeof ServerConfig>;
export type SettingName = keyof ServerConfig;
// Object.keys loses the names; the table itself has them.
export const settingNames = Object.keys(ServerConfig.shape) as [SettingName, ...SettingName[]];

type Shape = typeof ServerConfig.shape;
type PatchShape = { [Name in SettingName]: z.ZodOptional<z.ZodNullable<ReturnType<Shape[Name]["unwrap"]>>> };
const patchShape = Object.fromEntries(
  Object.entries(ServerConfig.shape).map(([name, schema]) => [
    name,
    (schema.unwrap() as z.ZodType).nullable().optional(),
  ]),
);

/** Any number of settings at once; null goes back to the default. */
export const ServerConfigPatch = z.strictObject(patchShape as unknown as PatchShape);
export type ServerConfigPatch = z.infer<typeof ServerConfigPatch>;
