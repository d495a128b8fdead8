import type { Exposure, Language, Reliability, StripPart } from "@assay/contract";

export const languageWords: Readonly<Record<Language, string>> = { JAVASCRIPT: "JavaScript", PYTHON: "Python" };

/** What asking a source gives away. */
export const exposureWords: Readonly<Record<Exposure, string>> = {
  local: "Nothing leaves this server",
  passive: "A third party sees the question",
  active: "The target may see it",
  public: "The question is published",
};

/** The Admiralty scale. */
export const reliabilityWords: Readonly<Record<Reliability, string>> = {
  A: "Completely reliable",
  B: "Usually reliable",
  C: "Fairly reliable",
  D: "Not usually reliable",
  E: "Unreliable",
  F: "Not judged",
};

/** What is taken out of an indicator before a source gets it. */
export const stripWords: Readonly<Record<StripPart, string>> = {
  url_query: "the query of a URL",
  url_fragment: "the fragment of a URL",
  url_userinfo: "user and password in a URL",
  email_local_part: "the local part of an e-mail address",
};
