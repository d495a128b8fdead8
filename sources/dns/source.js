// Asks the name servers what they say about a name or an address.

/** @type {(keyof DnsRecords)[]} */
const types = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA", "CAA"];
const namesConfirmedMax = 5;

// What a text record proves: that the owner of the domain uses this.
const services = {
  "google-site-verification=": "Google",
  "ms=": "Microsoft 365",
  "facebook-domain-verification=": "Facebook",
  "apple-domain-verification=": "Apple",
  "atlassian-domain-verification=": "Atlassian",
  "docusign=": "DocuSign",
  "adobe-idp-site-verification=": "Adobe",
  "zoom-domain-verification=": "Zoom",
  "stripe-verification=": "Stripe",
  "amazonses:": "Amazon SES",
  "protonmail-verification=": "Proton Mail",
  "yandex-verification:": "Yandex",
  "mailru-verification:": "Mail.ru",
  "hcp-domain-verification=": "HashiCorp",
  "openai-domain-verification=": "OpenAI",
};

/**
 * @param {Indicator} indicator
 * @param {Context} context
 */
export async function fetchData(indicator, context) {
  return indicator.kind === "DOMAIN" ? describeName(indicator.data, context) : describeAddress(indicator, context);
}

async function describeName(name, context) {
  const questions = [...types.map((type) => [name, type]), [`_dmarc.${name}`, "TXT"]];
  const answers = await Promise.allSettled(questions.map(([asked, type]) => context.dns.resolve(asked, type)));
  const asked = answers.slice(0, types.length);
  if (asked.every((answer) => answer.status === "rejected")) throw asked[0].reason;
  if (asked.every((answer) => answer.status === "fulfilled" && answer.value.rcode === "NXDOMAIN"))
    return context.notFound();

  const records = {};
  const failed = [];
  for (const [i, type] of types.entries()) {
    const answer = asked[i];
    if (answer.status === "fulfilled") records[type] = answer.value.records;
    else failed.push({ type, message: String(answer.reason?.message ?? answer.reason).slice(0, 300) });
  }
  const texts = records.TXT ?? [];
  const spf = readSpf(texts);
  const dmarc = readDmarc(answers.at(-1));
  const mail = (records.MX ?? []).toSorted((a, b) => a.priority - b.priority);
  const acceptsNoMail = mail.length === 1 && trimDot(mail[0].exchange) === "";
  const verified = Object.entries(services).filter(([start]) =>
    texts.some((text) => text.toLowerCase().startsWith(start)),
  );

  return {
    data: { records, spf, dmarc, acceptsNoMail, services: verified.map(([, service]) => service), failed },
    verdict: "none",
    ...notes(records, spf, dmarc, acceptsNoMail, failed),
    facts: { nameservers: (records.NS ?? []).map(trimDot).toSorted() },
    relations: relationsOf(records, mail),
  };
}

function trimDot(name) {
  return name.toLowerCase().replace(/\.$/, "");
}

/** DNS holds any byte in a name, and the root; neither can be looked up as an indicator. */
function isLookable(data) {
  return /^[a-z0-9_.:-]+$/.test(data) && /[.:]/.test(data);
}

function relationsOf(records, mail) {
  const names = (list, type) => list.map((name) => ({ kind: "DOMAIN", data: trimDot(name), type }));
  return [
    ...(records.A ?? []).map((data) => ({ kind: "IPV4", data, type: "resolves_to" })),
    ...(records.AAAA ?? []).map((data) => ({ kind: "IPV6", data, type: "resolves_to" })),
    ...names(records.CNAME ?? [], "alias_of"),
    ...names(
      mail.map(({ exchange }) => exchange),
      "has_mail_server",
    ),
    ...names((records.NS ?? []).toSorted(), "has_name_server"),
  ].filter(({ data }) => isLookable(data));
}

function notes(records, spf, dmarc, acceptsNoMail, failed) {
  const labels = [];
  const reasons = [];
  const note = (label, code, text) => {
    labels.push(label);
    reasons.push({ code, text });
  };
  const inside = (records.A ?? []).filter((address) =>
    /^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(address),
  );
  if (inside.length > 0)
    note(
      "points-inside",
      "points_inside",
      `It points to ${inside[0]}, which nobody reaches from outside: parked, sinkholed, or meant for an inside network`,
    );
  if (spf?.problem) note("spf-broken", "spf_broken", spf.problem);
  if (spf?.all === "+all" || spf?.all === "?all")
    note("spf-open", "spf_open", `SPF ends in ${spf.all}: any machine may send mail in its name`);
  if (!acceptsNoMail && records.MX?.length > 0 && spf === null)
    note("no-spf", "no_spf", "It takes mail, but has no SPF record: mail in its name is easily forged");
  if (dmarc?.policy === "none")
    note("dmarc-none", "dmarc_none", "DMARC only watches (p=none): forged mail is delivered");
  if (acceptsNoMail) note("no-mail", "no_mail", "A null MX record: it says that it takes no mail");
  if (failed.length > 0) note("incomplete", "incomplete", `No answer for ${failed.map(({ type }) => type).join(", ")}`);
  return { labels, reasons };
}

/** RFC 7208. Null where there is no SPF record. */
function readSpf(texts) {
  const found = texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
  if (found.length === 0) return null;
  const terms = found[0]
    .split(/\s+/)
    .slice(1)
    .filter((term) => term !== "");
  const all = terms.find((term) => /^[+\-~?]?all$/i.test(term))?.toLowerCase();
  const lookups = terms.filter((term) =>
    /^[+\-~?]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:)|^redirect=/i.test(term),
  ).length;
  const valuesOf = (start) => terms.filter((term) => start.test(term)).map((term) => term.replace(start, ""));
  /** @type {string | null} */
  let problem = null;
  if (found.length > 1) problem = `There are ${found.length} SPF records: receivers must ignore them all`;
  else if (lookups > 10) problem = `SPF needs ${lookups} lookups, more than the 10 that receivers make`;
  return {
    record: found[0],
    all: all === undefined ? null : all.replace(/^all$/, "+all"),
    includes: valuesOf(/^[+\-~?]?include:/i),
    addresses: valuesOf(/^\+?ip[46]:/i),
    redirect: valuesOf(/^redirect=/i)[0] ?? null,
    lookups,
    problem,
  };
}

/** RFC 7489, at the name itself; a name without one falls under the policy of the domain above. */
function readDmarc(answer) {
  if (answer.status === "rejected") return null;
  const record = answer.value.records.find((text) => /^v=dmarc1\b/i.test(text));
  if (record === undefined) return null;
  const tags = Object.fromEntries(
    record.split(";").map((part) => {
      const equals = part.indexOf("=");
      return [part.slice(0, Math.max(0, equals)).trim().toLowerCase(), part.slice(equals + 1).trim()];
    }),
  );
  const addresses = (text) =>
    (text ?? "")
      .split(",")
      .map((uri) => uri.trim().replace(/^mailto:/i, ""))
      .filter((uri) => uri !== "");
  return {
    record,
    policy: tags.p?.toLowerCase() ?? null,
    subdomainPolicy: tags.sp?.toLowerCase() ?? null,
    percent: /^\d{1,3}$/.test(tags.pct ?? "") ? Number(tags.pct) : 100,
    aggregateReportsTo: addresses(tags.rua),
    failureReportsTo: addresses(tags.ruf),
  };
}

async function describeAddress({ data: address, kind }, context) {
  const { records } = await context.dns.resolve(address, "PTR");
  if (records.length === 0) return context.notFound();
  const names = records.map(trimDot).toSorted();
  const type = kind === "IPV4" ? "A" : "AAAA";
  const checked = names.slice(0, namesConfirmedMax);
  const answers = await Promise.allSettled(checked.map((name) => context.dns.resolve(name, type)));
  const pointsBack = (answer) => answer.status === "fulfilled" && answer.value.records.includes(address);
  const confirmed = checked.filter((_, i) => pointsBack(answers[i]));
  const isConfirmed = confirmed.length > 0;
  const text = `${names[0]} does not point back to ${address}: whoever holds the address can claim any name`;
  return {
    data: { names, forwardConfirmed: confirmed },
    verdict: "none",
    reasons: isConfirmed ? [] : [{ code: "not_confirmed", text }],
    labels: isConfirmed ? [] : ["reverse-not-confirmed"],
    facts: { hostnames: names },
    relations: names.filter(isLookable).map((name) => ({ kind: "DOMAIN", data: name, type: "has_hostname" })),
  };
}
