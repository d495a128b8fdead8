// Asks the registry in charge about a domain, an address or an AS number.

const redirectors = ["https://rdap.org", "https://www.rdap.net"];
const requestTimeoutMs = 8000;
const dayMs = 86_400_000;

// Second levels under which two-letter top-level domains register names; a wrong guess costs one more request.
const secondLevels = /^(?:ac|co|com|edu|gob|gov|gouv|go|govt|gub|id|ltd|me|mil|ne|net|nom|or|org|plc|sch|school|web)$/;

/**
 * @param {Indicator} indicator
 * @param {Context} context
 */
export async function fetchData(indicator, context) {
  const { kind, data } = indicator;
  if (kind === "DOMAIN") {
    for (const domain of registrableGuesses(data)) {
      const response = await ask(context, `domain/${domain}`);
      if (response.status !== 404) return describeDomain(data, domain, objectOf(response, context), context);
    }
    return context.notFound();
  }
  const response = await ask(context, kind === "ASN" ? `autnum/${data.slice(2)}` : `ip/${data}`);
  if (response.status === 404) return context.notFound();
  return kind === "ASN"
    ? describeAs(data, objectOf(response, context))
    : describeNetwork(data, objectOf(response, context));
}

/** The registrable domain, most likely first: a registry knows nothing below it. */
function registrableGuesses(domain) {
  const labels = domain.split(".");
  const isSecondLevel = labels.length > 2 && labels.at(-1).length === 2 && secondLevels.test(labels.at(-2));
  const likely = isSecondLevel ? 3 : 2;
  const counts = likely < labels.length ? [likely, likely + 1] : [labels.length];
  return counts.map((count) => labels.slice(-count).join("."));
}

/** Through the first redirector, or the other when the first, or what it led to, fails. */
async function ask(context, path) {
  const options = { headers: { accept: "application/rdap+json, application/json" }, timeoutMs: requestTimeoutMs };
  try {
    return await context.http.get(`${redirectors[0]}/${path}`, options);
  } catch (error) {
    if (!["TIMEOUT", "UPSTREAM_ERROR", "RATE_LIMITED", "FORBIDDEN"].includes(error.code)) throw error;
    context.log.warn(`${redirectors[0]} failed: ${error.message}`);
    try {
      return await context.http.get(`${redirectors[1]}/${path}`, options);
    } catch {
      throw error;
    }
  }
}

function objectOf(response, context) {
  const found = response.json();
  if (typeof found !== "object" || found === null || typeof found.objectClassName !== "string") {
    throw context.badResponse(`The answer of ${response.url.slice(0, 200)} is not an RDAP object`);
  }
  return found;
}

function list(value) {
  return Array.isArray(value) ? value : [];
}

function text(value) {
  return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, 1000) : undefined;
}

/** RFC 3339 in UTC without fractions; undefined where a registry wrote something else. */
function timestamp(value) {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function eventDate(found, action) {
  return timestamp(list(found.events).find((event) => event?.eventAction === action)?.eventDate);
}

/** Every entity, those inside others too. */
function entitiesOf(found, depth = 0) {
  return depth > 4 ? [] : list(found.entities).flatMap((entity) => [entity, ...entitiesOf(entity ?? {}, depth + 1)]);
}

/** jCard (RFC 7095): ["vcard", [[name, parameters, type, value], …]]. */
function cardValues(entity, name) {
  return list(list(entity?.vcardArray)[1])
    .filter((property) => Array.isArray(property) && property[0] === name)
    .map((property) => text(Array.isArray(property[3]) ? property[3].flat().filter(Boolean).join(", ") : property[3]))
    .filter((value) => value !== undefined);
}

function withRole(found, role) {
  return entitiesOf(found).filter((entity) => list(entity?.roles).includes(role));
}

function organisationOf(entity) {
  const isPerson = cardValues(entity, "kind")[0] === "individual";
  return cardValues(entity, "org")[0] ?? (isPerson ? undefined : cardValues(entity, "fn")[0]);
}

function abuseEmails(found) {
  const written = withRole(found, "abuse").flatMap((entity) => cardValues(entity, "email"));
  const emails = written
    .map((email) => email.replace(/^mailto:/i, "").split("@"))
    .filter((parts) => parts.length === 2 && /^[\w.+-]+$/.test(parts[0]) && /^[a-z0-9.-]+\.[a-z0-9-]+$/i.test(parts[1]))
    .map(([mailbox, domain]) => `${mailbox}@${domain.toLowerCase()}`);
  return [...new Set(emails)];
}

function commonData(found) {
  return {
    handle: text(found.handle) ?? null,
    name: text(found.name) ?? null,
    status: list(found.status).map(text).filter(Boolean),
    events: list(found.events)
      .slice(0, 50)
      .map((event) => ({ action: text(event?.eventAction) ?? null, date: timestamp(event?.eventDate) ?? null })),
    abuseContacts: abuseEmails(found),
    whoisServer: text(found.port43) ?? null,
  };
}

/** Drops what is undefined: JSON has no word for it. */
function facts(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value.length !== 0));
}

function country(value) {
  return typeof value === "string" && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : undefined;
}

function answer(found, type, object, parts) {
  const abuse = abuseEmails(found).map((data) => ({ kind: "EMAIL", data, type: "abuse_contact" }));
  return {
    verdict: "none",
    reasons: [],
    labels: [],
    ...parts,
    relations: [...parts.relations, ...abuse],
    link: `https://client.rdap.org/?type=${type}&object=${encodeURIComponent(object)}`,
    observedAt: eventDate(found, "last update of RDAP database"),
  };
}

function describeDomain(asked, domain, found, context) {
  const registrar = withRole(found, "registrar")[0];
  const registeredAt = eventDate(found, "registration");
  const nameservers = list(found.nameservers).flatMap(
    (server) => text(server?.ldhName)?.toLowerCase().replace(/\.$/, "") || [],
  );
  const status = list(found.status).flatMap((word) => text(word) || []);
  const onHold = status.some((word) => /\bhold\b/.test(word));
  const leaving = status.some((word) => /^(?:pending delete|redemption period)$/.test(word));
  const young = youngReason(registeredAt, context.config.youngDays);
  return answer(found, "domain", domain, {
    data: {
      domain: text(found.ldhName)?.toLowerCase() ?? domain,
      ...commonData(found),
      registrar: registrar
        ? { name: organisationOf(registrar) ?? null, ianaId: text(list(registrar.publicIds)[0]?.identifier) ?? null }
        : null,
      registrantOrganisation: organisationOf(withRole(found, "registrant")[0]) ?? null,
      nameservers,
      dnssec: found.secureDNS?.delegationSigned ?? null,
    },
    verdict: young ? "suspicious" : "none",
    reasons: [
      ...(young ? [young] : []),
      ...(onHold ? [{ code: "on_hold", text: "The registry or registrar took the domain out of DNS (hold)" }] : []),
      ...(leaving ? [{ code: "being_deleted", text: "The registration has ended and is being deleted" }] : []),
    ],
    labels: [...(young ? ["young-domain"] : []), ...(onHold ? ["on-hold"] : []), ...(leaving ? ["being-deleted"] : [])],
    facts: facts({
      registrar: registrar && organisationOf(registrar),
      registeredAt,
      expiresAt: eventDate(found, "expiration"),
      nameservers: nameservers.slice(0, 100),
      org: organisationOf(withRole(found, "registrant")[0]),
    }),
    relations: [
      ...(asked === domain ? [] : [{ kind: "DOMAIN", data: domain, type: "subdomain_of" }]),
      ...nameservers
        .filter((name) => /^[a-z0-9_.-]+\.[a-z0-9-]+$/.test(name))
        .map((data) => ({ kind: "DOMAIN", data, type: "has_name_server" })),
    ],
  });
}

function youngReason(registeredAt, youngDays) {
  const ageDays = Math.floor((Date.now() - Date.parse(registeredAt)) / dayMs);
  if (!(ageDays < youngDays)) return null;
  const ago = ageDays === 1 ? "1 day" : `${Math.max(0, ageDays)} days`;
  return {
    code: "young_domain",
    text: `Registered ${ago} ago (fewer than ${youngDays} days: suspicious)`,
    value: ageDays,
    threshold: youngDays,
  };
}

function networksOf(found) {
  const prefixes = list(found.cidr0_cidrs).map((cidr) => ({
    base: cidr?.v4prefix ?? cidr?.v6prefix,
    length: cidr?.length,
  }));
  return prefixes
    .filter(({ base, length }) => typeof base === "string" && Number.isInteger(length))
    .map(({ base, length }) => `${base}/${length}`);
}

function describeNetwork(asked, found) {
  const networks = networksOf(found);
  const organisation = organisationOf(withRole(found, "registrant")[0]);
  return answer(found, "ip", asked, {
    data: {
      ...commonData(found),
      startAddress: text(found.startAddress) ?? null,
      endAddress: text(found.endAddress) ?? null,
      networks,
      type: text(found.type) ?? null,
      country: country(found.country) ?? null,
      organisation: organisation ?? null,
      parentHandle: text(found.parentHandle) ?? null,
    },
    facts: facts({
      network: networks[0] ?? (text(found.startAddress) && `${found.startAddress} - ${found.endAddress}`),
      org: organisation ?? text(found.name),
      country: country(found.country),
      registeredAt: eventDate(found, "registration"),
    }),
    relations: networks.filter((data) => data !== asked).map((data) => ({ kind: "CIDR", data, type: "belongs_to" })),
  });
}

function describeAs(asked, found) {
  const organisation = organisationOf(withRole(found, "registrant")[0]);
  return answer(found, "autnum", asked.slice(2), {
    data: {
      ...commonData(found),
      startAutnum: found.startAutnum ?? null,
      endAutnum: found.endAutnum ?? null,
      type: text(found.type) ?? null,
      country: country(found.country) ?? null,
      organisation: organisation ?? null,
    },
    facts: facts({
      asn: Number(asked.slice(2)),
      asName: text(found.name),
      org: organisation,
      country: country(found.country),
      registeredAt: eventDate(found, "registration"),
    }),
    relations: [],
  });
}
