import type { IndicatorKind } from "./indicator-kind.ts";
import type { KindRule } from "./kind-rule.ts";
import { asnRule } from "./kinds/asn.ts";
import { bitcoinRule } from "./kinds/bitcoin.ts";
import { cidrRule } from "./kinds/cidr.ts";
import { cveRule } from "./kinds/cve.ts";
import { domainRule } from "./kinds/domain.ts";
import { emailRule } from "./kinds/email.ts";
import { ethereumRule } from "./kinds/ethereum.ts";
import { hexRule, ja4Rule, ssdeepRule, tlshRule } from "./kinds/hash.ts";
import { ipv4Rule, ipv6Rule } from "./kinds/ip.ts";
import { ipPortRule } from "./kinds/ip-port.ts";
import { macRule } from "./kinds/mac.ts";
import { onionRule } from "./kinds/onion.ts";
import { phoneRule } from "./kinds/phone.ts";
import { registryKeyRule } from "./kinds/registry-key.ts";
import { urlRule } from "./kinds/url.ts";

/** In the order in which detection asks: what can be mistaken for little comes first. */
export const kindRules: Readonly<Record<IndicatorKind, KindRule>> = {
  CVE: cveRule,
  ASN: asnRule,
  MAC: macRule,
  IPV4: ipv4Rule,
  IP_PORT: ipPortRule,
  IPV6: ipv6Rule,
  CIDR: cidrRule,
  SHA512: hexRule(128),
  SHA256: hexRule(64),
  SHA1: hexRule(40),
  MD5: hexRule(32),
  JARM: hexRule(62),
  TLSH: tlshRule,
  JA4: ja4Rule,
  ETH: ethereumRule,
  BTC: bitcoinRule,
  SSDEEP: ssdeepRule,
  REGISTRY_KEY: registryKeyRule,
  ONION: onionRule,
  URL: urlRule,
  EMAIL: emailRule,
  DOMAIN: domainRule,
  PHONE: phoneRule,
  JA3: hexRule(32),
  IMPHASH: hexRule(32),
};
