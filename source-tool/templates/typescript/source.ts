interface Config {
  readonly suspiciousReports: number;
}

export async function fetchData(indicator: Indicator, context: Context<Config>): Promise<Result | NotFound> {
  const response = await context.http.get(`https://api.example.com/v1/ip/${indicator.data}`);
  if (response.status === 404) return context.notFound();
  const found: { readonly reports?: unknown } | null = response.json();
  const reports = found?.reports;
  if (typeof reports !== "number") throw context.badResponse("the answer has no number of reports");

  const threshold = context.config.suspiciousReports;
  return {
    data: found,
    verdict: reports >= threshold ? "suspicious" : "none",
    reasons: [{ code: "reports", text: `Reported ${reports} times`, value: reports, threshold }],
  };
}
