// Facts of a domain name that follow from its letters alone.

// Second levels under which country registries register names (publicsuffix.org, ICANN part, without regional names).
const countrySuffixes = `
  ac,al,ba,iq,kg,kz,sy,to,vc,ye:com,edu,gov,mil,net,org ae:ac,co,gov,mil,net,org,sch
  af,bh,bm,bn,bs,bt,gr,kh,lb,lr,mo,ms,ps,sb,sc,sg,sl,ws:com,edu,gov,net,org ag:co,com,net,nom,org ai:com,net,org
  am,uz:co,com,net,org ao:co,ed,edu,gov,org ar:com,coop,edu,gob,gov,int,mil,net,org
  as,bf,cd,cx,cz,ie,lt,mr,pw,sx,tl:gov at:ac,co,or au:asn,com,edu,gov,id,net,org aw:com
  az:biz,co,com,edu,gov,info,int,mil,name,net,org,pro bb:biz,co,com,edu,gov,info,net,org
  bd:ac,co,com,edu,gov,id,info,mil,net,org,sch be:ac bi:co,com,edu,or,org bj:co,com,edu,info,net,org
  bo:com,edu,gob,info,int,mil,net,org,web br:com,coop,edu,gov,ind,inf,mil,net,org,pro bw:ac,co,gov,net,org
  by:com,gov,mil bz,dm,gy,lc:co,com,edu,gov,net,org ci:ac,asso,co,com,ed,edu,go,gouv,int,net,or,org
  cl:co,gob,gov,mil cm:co,com,gov,net cn:ac,com,edu,gov,mil,net,org co:com,edu,gov,mil,net,nom,org cr:ac,co,ed,go,or
  cu:com,edu,gob,inf,net,org cv:com,edu,id,int,net,org cw,fm,ky,mt,vu:com,edu,net,org
  cy:ac,biz,com,gov,ltd,mil,net,org,press,pro do:com,edu,gob,gov,mil,net,org,web dz:asso,com,edu,gov,net,org
  ec:com,edu,gob,gov,info,k12,mil,net,org,pro ee,kp:com,edu,gov,org eg:ac,com,edu,gov,info,me,mil,name,net,org
  es:com,edu,gob,nom,org et:biz,com,edu,gov,info,name,net,org fj:ac,biz,com,edu,gov,id,info,mil,name,net,org,pro
  fr:asso,com,gouv,nom,prd gd:edu,gov ge:com,edu,gov,net,org,school gg,je:co,net,org gh:biz,com,edu,gov,mil,net,org
  gi:com,edu,gov,ltd,mod,org gl:co,com,edu,net,org gn:ac,com,edu,gov,net,org gp:asso,com,edu,net,org
  gt:com,edu,gob,ind,mil,net,org gu:com,edu,gov,info,net,org,web hk:com,edu,gov,idv,net,org
  hn:com,edu,gob,mil,net,org hr:com,name ht:asso,com,coop,edu,firm,gouv,info,net,org,pro hu:co,info,org
  id:ac,biz,co,go,mil,net,or,sch,web il:ac,co,gov,idf,k12,muni,net,org im:ac,co,com,net,org
  in:ac,biz,co,com,coop,edu,firm,gen,gov,ind,info,int,me,mil,net,nic,org,pro,res,school
  io,tm:co,com,edu,gov,mil,net,nom,org ir:ac,co,gov,id,net,org,sch it:co,edu,go,gov,gr,me,or,re
  jo:com,edu,gov,mil,net,org,per,sch jp:ac,ad,co,ed,go,gr,lg,ne,or ke:ac,co,go,info,me,ne,or
  ki,nr:biz,com,edu,gov,info,net,org km:asso,com,coop,edu,gouv,gov,mil,nom,org,prd kn:edu,gov,net,org
  kr:ac,co,go,me,mil,ne,or,re kw:com,edu,gov,ind,net,org la:com,edu,gov,info,int,net,org,per
  lk:ac,com,edu,gov,int,ltd,net,ngo,org,sch,web ls:ac,biz,co,edu,gov,info,net,org lv:asn,com,edu,gov,id,mil,net,org
  ly:com,edu,gov,id,net,org,plc,sch ma:ac,co,gov,net,org,press mc:asso me:ac,co,edu,gov,net,org
  mg:co,com,edu,gov,mil,nom,org,prd mk:com,edu,gov,inf,name,net,org ml:ac,asso,com,edu,gouv,gov,info,net,org
  mn:edu,gov,org mu:ac,co,com,gov,net,or,org mv:biz,com,coop,edu,gov,info,int,mil,name,net,org,pro
  mw:ac,biz,co,com,coop,edu,gov,int,net,org mx:com,edu,gob,net,org my:biz,com,edu,gov,mil,name,net,org
  mz:ac,co,edu,gov,mil,net,org na:co,com,gov,net,org nc:asso,nom nf:com,firm,info,net,per,web
  ng,qa:com,edu,gov,mil,name,net,org,sch ni:ac,biz,co,com,edu,gob,in,info,int,mil,net,nom,org,web no:mil,re
  nz:ac,co,gen,govt,mil,net,org,school om:co,com,edu,gov,net,org,pro pa:ac,com,edu,gob,net,nom,org
  pe:com,edu,gob,mil,net,nom,org pf:com,edu,org ph:com,edu,gov,mil,net,ngo,org pk:ac,biz,com,edu,gob,gov,net,org,web
  pl:biz,com,edu,gov,info,mil,net,nom,org pn:co,edu,gov,net,org pr:ac,biz,com,edu,gov,info,name,net,org,pro
  pt:com,edu,gov,int,net,org py:com,coop,edu,gov,mil,net,org re:asso,com ro:com,firm,info,nom,org
  rs:ac,co,edu,gov,in,org rw:ac,co,coop,gov,mil,net,org sa:com,edu,gov,net,org,sch sd:com,edu,gov,info,net,org
  se:ac,org,press sh:com,gov,mil,net,org sk:org sn:com,edu,gouv,org so:com,edu,gov,me,net,org
  ss:biz,co,com,edu,gov,me,net,org,sch st:co,com,edu,mil,net,org sv:com,edu,gob,org sz:ac,co,org
  th:ac,co,go,in,net,or tj:biz,co,com,edu,go,gov,int,mil,name,net,nic,org,web tn:com,gov,ind,info,net,org
  tr:biz,com,edu,gen,gov,info,k12,mil,name,net,org,web tt:biz,co,com,edu,gov,info,mil,name,net,org,pro
  tw:com,edu,gov,idv,mil,net,org tz:ac,co,go,info,me,mil,ne,or ua:com,edu,gov,in,lg,net,org
  ug:ac,co,com,edu,go,gov,mil,ne,or,org uk:ac,co,gov,ltd,me,net,nhs,org,plc,police us:co,id,in,me,ne,or
  uy:com,edu,gub,mil,net,org ve:co,com,edu,firm,gob,gov,info,int,mil,net,nom,org,web vg:edu vi:co,com,k12,net,org
  vn:ac,ad,biz,com,edu,gov,id,info,int,name,net,org,pro zm:ac,biz,co,com,edu,gov,info,mil,net,org,sch
  zw:ac,co,gov,mil,org`;
const wildcardCountries = ["ck", "er", "fk", "jm", "mm", "np", "pg"];

// Names under which anybody gets a name of his own, by what they are for.
const platforms = {
  "shared-hosting":
    "github.io gitlab.io pages.dev workers.dev netlify.app vercel.app web.app firebaseapp.com herokuapp.com onrender.com fly.dev " +
    "azurewebsites.net azurestaticapps.net azureedge.net cloudapp.net trafficmanager.net cloudfront.net elasticbeanstalk.com awsapprunner.com " +
    "appspot.com run.app glitch.me replit.app repl.co surge.sh blogspot.com wordpress.com weebly.com wixsite.com webflow.io framer.app " +
    "square.site myshopify.com 000webhostapp.com infinityfreeapp.com altervista.org tumblr.com notion.site godaddysites.com mystrikingly.com carrd.co",
  storage:
    "s3.amazonaws.com blob.core.windows.net web.core.windows.net r2.dev storage.googleapis.com digitaloceanspaces.com backblazeb2.com ipfs.io dweb.link",
  "dynamic-dns":
    "duckdns.org no-ip.org no-ip.com no-ip.biz ddns.net hopto.org zapto.org sytes.net myftp.org myftp.biz serveftp.com servebeer.com redirectme.net " +
    "dyndns.org dyndns.info dynu.net freeddns.org dynv6.net afraid.org mooo.com chickenkiller.com strangled.net gotdns.org homeip.net 3utilities.com accesscam.org",
  tunnel:
    "ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com loca.lt serveo.net localhost.run lhr.life portmap.io portmap.host ts.net devtunnels.ms bore.pub",
};

// Brands that phishing imitates, with the domains that are really theirs.
const wellKnownBrands = `
  paypal=paypal.com,paypal.me google=google.com,goo.gl,withgoogle.com gmail=gmail.com youtube=youtube.com,youtu.be microsoft=microsoft.com
  outlook=outlook.com office365=office365.com onedrive=onedrive.com sharepoint=sharepoint.com azure=azure.com apple=apple.com icloud=icloud.com
  amazon=amazon.com amazonaws=amazonaws.com facebook=facebook.com instagram=instagram.com whatsapp=whatsapp.com,whatsapp.net telegram=telegram.org
  linkedin=linkedin.com twitter=twitter.com netflix=netflix.com spotify=spotify.com dropbox=dropbox.com docusign=docusign.com,docusign.net
  adobe=adobe.com zoom=zoom.us,zoom.com slack=slack.com github=github.com,github.io gitlab=gitlab.com cloudflare=cloudflare.com,cloudflare.net
  yahoo=yahoo.com ebay=ebay.com aliexpress=aliexpress.com alibaba=alibaba.com walmart=walmart.com steampowered=steampowered.com
  steamcommunity=steamcommunity.com epicgames=epicgames.com roblox=roblox.com discord=discord.com,discord.gg tiktok=tiktok.com booking=booking.com
  airbnb=airbnb.com dhl=dhl.com,dhl.de fedex=fedex.com ups=ups.com usps=usps.com royalmail=royalmail.com chase=chase.com
  wellsfargo=wellsfargo.com bankofamerica=bankofamerica.com citibank=citibank.com hsbc=hsbc.com,hsbc.co.uk barclays=barclays.com,barclays.co.uk
  santander=santander.com americanexpress=americanexpress.com mastercard=mastercard.com visa=visa.com revolut=revolut.com coinbase=coinbase.com
  binance=binance.com kraken=kraken.com metamask=metamask.io blockchain=blockchain.com trustwallet=trustwallet.com ledger=ledger.com
  trezor=trezor.io opensea=opensea.io okta=okta.com salesforce=salesforce.com wetransfer=wetransfer.com`;

// Letters that look like a Latin one. Accents are taken off by decomposition and need no line here.
const lookalikes = Object.fromEntries(
  "aаɑαạ bƅЬв cсϲƈ dԁɗժ eеҽєɛε fғƒ gɡցġ hһհн iіıιΙӀ jјϳ kкκ lӏⅼļΙ mмⅿ nոռпηп oоοօσөಠ pрρ qԛզ rгɼ sѕʂ tтτ uυսцʋ vѵνⅴ wԝшωա xхχ yуүγʏ zʐᴢ"
    .split(" ")
    .flatMap(([latin, ...others]) => others.map((other) => [other, latin])),
);
const digitLookalikes = { 0: "o", 1: "l", 3: "e", 4: "a", 5: "s", 7: "t" };

const commonPairs =
  "th he in er an re nd on en at ou ed ha to or it is hi es ng st ar te se me ve of ti as le ta al ri ro ll ne be ra co de li ma ic el la ca om si ec us ho il ch lo ea di ce na ai ur sa ge pa ee un mo tr sh et pe so po ac ad ss ct ot id ns ni ut am ol ke no ir wa su ie em os do op ow fo ay ap em ul if im ab ly ev bo we vi up go ew ld ia oo gh ei ga br ag pl ru my ts cl da pi wi ck av rt pr fi cr sp mp ba bl bu ex fa fe fl fr gi gr gu ki ko ku lu mi mu nt og oa ob od oc ok pu rd ry sc sk sl ty tu ue vo ub ug um ev yo ix va fu ja jo ju";

/**
 * @param {Indicator} indicator
 * @param {Context} context
 */
export async function fetchData(indicator, context) {
  const labels = indicator.data.split(".");
  const unicodeLabels = labels.map(decodeLabel);
  const suffixLabels = suffixLength(labels);
  const registrable = labels.length > suffixLabels ? labels.slice(-suffixLabels - 1).join(".") : null;
  const platform = platformOf(indicator.data);
  const name = unicodeLabels[labels.length - suffixLabels - 1] ?? unicodeLabels[0];
  const statistics = measure(name);
  const scripts = unicodeLabels.map(scriptsOf);
  const lookalike = findLookalike(unicodeLabels, registrable, indicator.data, context.config.brands ?? "");

  const result = {
    data: {
      unicode: unicodeLabels.join("."),
      publicSuffix: labels.slice(-suffixLabels).join("."),
      registrableDomain: registrable,
      subdomain: registrable === null ? null : labels.slice(0, -suffixLabels - 1).join(".") || null,
      labelCount: labels.length,
      length: indicator.data.length,
      idn: unicodeLabels.some((label, i) => label !== labels[i]),
      scripts: [...new Set(scripts.flat())],
      platform,
      lookalike,
      name: { label: name, ...statistics },
    },
    verdict: "none",
    reasons: /** @type {Reason[]} */ ([]),
    labels: /** @type {string[]} */ ([]),
    facts: {},
    relations:
      registrable !== null && registrable !== indicator.data
        ? [{ kind: "DOMAIN", data: registrable, type: "subdomain_of" }]
        : [],
  };
  const note = (label, code, text, more = {}) => {
    result.labels.push(label);
    result.reasons.push({ code, text, ...more });
  };
  if (lookalike?.how === "homoglyph" || lookalike?.how === "substitution") {
    result.verdict = "suspicious";
    note(
      "lookalike",
      lookalike.how,
      `“${lookalike.label}” reads as “${lookalike.brand}”, but ${lookalike.detail}; the brand's own domain is ${lookalike.own}`,
    );
  } else if (lookalike) {
    note(
      lookalike.how === "one_letter_off" ? "near-brand" : "brand-in-name",
      lookalike.how,
      `“${lookalike.label}” ${lookalike.detail} “${lookalike.brand}”, whose own domain is ${lookalike.own}`,
    );
  }
  const mixed = unicodeLabels.find((label, i) => scripts[i].length > 1 && !isUsualMixture(scripts[i]));
  if (mixed !== undefined)
    note("mixed-scripts", "mixed_scripts", `“${mixed}” mixes ${scriptsOf(mixed).join(" and ")} letters in one label`);
  if (result.data.idn) result.labels.push("idn");
  if (platform)
    note(
      platform.sort,
      "shared_platform",
      `Anybody can get a name under ${platform.name} (${platform.sort.replace("-", " ")}): the registrable domain says nothing about who runs this one`,
    );
  if (statistics.looksRandom)
    note(
      "random-looking",
      "random_looking",
      `“${name}” looks generated: ${Math.round(statistics.commonPairRatio * 100)} % of its letter pairs are common ones`,
      { value: statistics.commonPairRatio, threshold: 0.4 },
    );
  if (labels.length > 6)
    note("deep", "many_labels", `${labels.length} labels, far more than people use`, {
      value: labels.length,
      threshold: 6,
    });
  return result;
}

/** How many labels the public suffix has. */
function suffixLength(labels) {
  const [second, country] = labels.slice(-2);
  if (wildcardCountries.includes(country)) return Math.min(2, labels.length);
  if (country.length !== 2) return 1;
  const group = countrySuffixes
    .split(/\s+/)
    .find((entry) => entry.slice(0, entry.indexOf(":")).split(",").includes(country));
  return group
    ?.slice(group.indexOf(":") + 1)
    .split(",")
    .includes(second)
    ? 2
    : 1;
}

function platformOf(domain) {
  for (const [sort, names] of Object.entries(platforms)) {
    const name = names.split(" ").find((name) => domain.endsWith(`.${name}`));
    if (name !== undefined) return { sort, name };
  }
  return null;
}

/** RFC 3492. A label that does not decode is kept as it is. */
function decodeLabel(label) {
  if (!label.startsWith("xn--")) return label;
  const input = label.slice(4);
  const basicEnd = Math.max(0, input.lastIndexOf("-"));
  const output = [...input.slice(0, basicEnd)].map((character) => character.codePointAt(0));
  let [code, bias, i] = [128, 72, 0];
  for (let at = basicEnd > 0 ? basicEnd + 1 : 0; at < input.length;) {
    const before = i;
    for (let weight = 1, k = 36; ; k += 36) {
      const character = input.charCodeAt(at++);
      const digit =
        character >= 97 && character <= 122 ? character - 97 : character >= 48 && character <= 57 ? character - 22 : 99;
      if (digit > 35) return label;
      i += digit * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const count = output.length + 1;
    let delta = Math.floor((i - before) / (before === 0 ? 700 : 2));
    delta += Math.floor(delta / count);
    for (bias = 0; delta > 455; bias += 36) delta = Math.floor(delta / 35);
    bias += Math.floor((36 * delta) / (delta + 38));
    code += Math.floor(i / count);
    i %= count;
    if (code > 0x10ffff) return label;
    output.splice(i++, 0, code);
  }
  return String.fromCodePoint(...output);
}

function scriptsOf(label) {
  if (/^[\x21-\x7e]*$/.test(label)) return /[a-z]/.test(label) ? ["Latin"] : [];
  const names = [
    "Latin",
    "Cyrillic",
    "Greek",
    "Armenian",
    "Hebrew",
    "Arabic",
    "Devanagari",
    "Thai",
    "Han",
    "Hiragana",
    "Katakana",
    "Hangul",
    "Georgian",
    "Cherokee",
  ];
  const found = names.filter((name) => new RegExp(`\\p{Script=${name}}`, "u").test(label));
  if (found.length === 0 && /[^\d_-]/.test(label)) return ["Other"];
  return found;
}

/** Japanese, Chinese and Korean names mix their scripts with each other and with Latin. */
function isUsualMixture(scripts) {
  return scripts.every((script) => ["Latin", "Han", "Hiragana", "Katakana", "Hangul"].includes(script));
}

/** The Latin letters that a label looks like. */
function skeletonOf(label) {
  const plain = [...label.normalize("NFKD").replace(/\p{M}/gu, "")]
    .map((letter) => lookalikes[letter] ?? letter)
    .join("");
  return plain.toLowerCase();
}

/** Undoes substitutions within ASCII: digits, rn for m, vv for w, and i for l where the brand is long enough that it is no accident. */
function foldAscii(text, brand) {
  const folded = text
    .replace(/[013457]/g, (digit) => digitLookalikes[digit])
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
  return brand.length >= 6 ? folded.replaceAll("i", "l") : folded;
}

function foldsTo(skeleton, brand) {
  return (
    brand.length >= 5 &&
    Math.abs(skeleton.length - brand.length) <= 3 &&
    foldAscii(skeleton, brand) === foldAscii(brand, brand)
  );
}

function readBrands(own) {
  return `${wellKnownBrands} ${own}`
    .trim()
    .split(/\s+/)
    .filter((entry) => /^[a-z0-9-]{3,40}=[a-z0-9.,-]+$/.test(entry))
    .map((entry) => ({
      name: entry.slice(0, entry.indexOf("=")),
      domains: entry.slice(entry.indexOf("=") + 1).split(","),
    }));
}

/** The first brand that a label imitates, the strongest kind of imitation first; null where there is none. */
function findLookalike(unicodeLabels, registrable, domain, ownBrands) {
  const candidates = unicodeLabels.slice(0, -1).map((label) => ({ label, skeleton: skeletonOf(label) }));
  const brands = readBrands(ownBrands).filter(
    ({ domains }) => !domains.some((own) => domain === own || domain.endsWith(`.${own}`)),
  );
  const main = candidates.findLast(
    ({ label }) => registrable !== null && decodeLabel(registrable.split(".")[0]) === label,
  );
  const find = (how, detail, test, among = candidates) => {
    for (const candidate of among) {
      const brand = brands.find(({ name }) => test(candidate, name));
      if (brand) return { brand: brand.name, own: brand.domains[0], label: candidate.label, how, detail };
    }
    return null;
  };
  return (
    find(
      "homoglyph",
      "it has letters of another alphabet or with accents",
      (it, brand) => it.label !== it.skeleton && it.skeleton === brand,
    ) ??
    find(
      "homoglyph",
      "it has letters of another alphabet or with accents",
      (it, brand) => it.label !== it.skeleton && foldsTo(it.skeleton, brand),
    ) ??
    find(
      "substitution",
      "it has other letters or digits that look alike",
      (it, brand) => it.label !== brand && foldsTo(it.label, brand),
    ) ??
    find(
      "brand_in_name",
      "contains the name of",
      (it, brand) => brand.length >= 5 && it.skeleton !== brand && it.skeleton.split(/[-_.]/).includes(brand),
    ) ??
    find(
      "brand_in_subdomain",
      "in front of another domain is the name of",
      (it, brand) => brand.length >= 5 && it !== main && it.skeleton === brand,
    ) ??
    find(
      "one_letter_off",
      "is one letter away from",
      (it, brand) => brand.length >= 7 && isOneEditAway(it.skeleton, brand),
      main ? [main] : [],
    )
  );
}

/** One letter added, left out, changed, or two neighbours swapped. */
function isOneEditAway(a, b) {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  if (a.length !== b.length)
    return a.length > b.length ? a.slice(start + 1) === b.slice(start) : a.slice(start) === b.slice(start + 1);
  const swapped = a[start] === b[start + 1] && a[start + 1] === b[start] && a.slice(start + 2) === b.slice(start + 2);
  return swapped || a.slice(start + 1) === b.slice(start + 1);
}

/** How a label is made: entropy in bits per character, shares of digits, hyphens and vowels, and whether it looks generated. */
function measure(label) {
  const letters = label.replace(/[^a-z]/g, "");
  const share = (pattern) => round((label.match(pattern) ?? []).length / label.length);
  const counts = {};
  for (const character of label) counts[character] = (counts[character] ?? 0) + 1;
  const entropy = Object.values(counts).reduce(
    (sum, count) => sum + (count / label.length) * Math.log2(label.length / count),
    0,
  );
  const pairs = Math.max(0, label.length - 1);
  let common = 0;
  for (let i = 0; i < pairs; i++) if (commonPairs.includes(label.slice(i, i + 2))) common++;
  const commonPairRatio = pairs === 0 ? 1 : round(common / pairs);
  const isPlain = /^[a-z0-9_]+$/.test(label);
  return {
    entropyBits: round(entropy),
    digitRatio: share(/\d/g),
    hyphenRatio: share(/-/g),
    vowelRatio: letters === "" ? 0 : round((letters.match(/[aeiouy]/g) ?? []).length / letters.length),
    longestConsonantRun: Math.max(0, ...(letters.match(/[^aeiouy]+/g) ?? []).map((run) => run.length)),
    commonPairRatio,
    looksRandom: isPlain && label.length >= 10 && /[a-z]/.test(label) && commonPairRatio < 0.4 && entropy > 2.8,
  };
}

function round(number) {
  return Math.round(number * 100) / 100;
}
