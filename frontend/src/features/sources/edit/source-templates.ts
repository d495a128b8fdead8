import type { IndicatorKind, SourceManifest } from "@assay/contract";
import { writeManifestText } from "@assay/contract/manifest-text";
import type { Draft } from "./draft.ts";

export type ManifestLanguage = SourceManifest["language"];

interface Beginning {
  readonly name: string;
  readonly provider: string;
  readonly language: ManifestLanguage;
  readonly indicators: readonly IndicatorKind[];
}

/** A source that asks an upstream which does not exist: what is to be replaced is the address and the names in the answer. */
export function templateOf({ name, provider, language, indicators }: Beginning): Draft {
  const manifest = writeManifestText({
    name,
    description: "How often an indicator was reported.",
    provider,
    language,
    indicators: [...indicators],
    exposure: "passive",
    reliability: "C",
    strip: [],
    hosts: ["api.example.com"],
    secrets: [],
    config: {
      suspiciousReports: { type: "integer", minimum: 1, default: 3, title: "Reports that make it suspicious" },
    },
    timeout: 10_000,
    tags: [],
    url: null,
  });
  return { code: codes[language], manifest };
}

const codes: Readonly<Record<ManifestLanguage, string>> = {
  javascript: `export async function fetchData(indicator, context) {
  const response = await context.http.get(\`https://api.example.com/v1/\${encodeURIComponent(indicator.data)}\`);
  if (response.status === 404) return context.notFound();
  const found = response.json();
  if (!Number.isInteger(found?.reports)) throw context.badResponse("the answer has no number of reports");

  const threshold = context.config.suspiciousReports;
  const text = \`Reported \${found.reports} times\`;
  return {
    data: found,
    verdict: found.reports >= threshold ? "suspicious" : "none",
    reasons: [{ code: "reports", text, value: found.reports, threshold }],
  };
}
`,
  typescript: `interface Config {
  readonly suspiciousReports: number;
}

export async function fetchData(indicator: Indicator, context: Context<Config>): Promise<Result | NotFound> {
  const response = await context.http.get(\`https://api.example.com/v1/\${encodeURIComponent(indicator.data)}\`);
  if (response.status === 404) return context.notFound();
  const found: { readonly reports?: unknown } | null = response.json();
  const reports = found?.reports;
  if (typeof reports !== "number") throw context.badResponse("the answer has no number of reports");

  const threshold = context.config.suspiciousReports;
  return {
    data: found,
    verdict: reports >= threshold ? "suspicious" : "none",
    reasons: [{ code: "reports", text: \`Reported \${reports} times\`, value: reports, threshold }],
  };
}
`,
  python: `from urllib.parse import quote


def fetch_data(indicator, context):
    response = context.http.get("https://api.example.com/v1/" + quote(indicator.data, safe=""))
    if response.status == 404:
        context.not_found()
    found = response.json()
    if not isinstance(found, dict) or not isinstance(found.get("reports"), int):
        context.bad_response("the answer has no number of reports")

    threshold = context.config["suspiciousReports"]
    text = f"Reported {found['reports']} times"
    return {
        "data": found,
        "verdict": "suspicious" if found["reports"] >= threshold else "none",
        "reasons": [{"code": "reports", "text": text, "value": found["reports"], "threshold": threshold}],
    }
`,
};
