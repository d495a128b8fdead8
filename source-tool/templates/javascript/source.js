/**
 * @param {Indicator} indicator
 * @param {Context} context
 */
export async function fetchData(indicator, context) {
  const response = await context.http.get(`https://api.example.com/v1/ip/${indicator.data}`);
  if (response.status === 404) return context.notFound();
  const found = response.json();
  if (!Number.isInteger(found?.reports)) throw context.badResponse("the answer has no number of reports");

  const threshold = context.config.suspiciousReports;
  const text = `Reported ${found.reports} times`;
  return {
    data: found,
    verdict: found.reports >= threshold ? "suspicious" : "none",
    reasons: [{ code: "reports", text, value: found.reports, threshold }],
  };
}
