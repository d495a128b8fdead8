import { api, ApiError, endpointUrl, type ExportFormat, Problem, type RequestFilter } from "@assay/contract";

/** Where a lookup can be had as a file. */
export function exportAddress(id: string, format: ExportFormat): string {
  return endpointUrl(api.requests.export, { params: { id }, query: { format } });
}

/** Where all lookups that pass the filter can be had as a file. */
export function exportAllAddress(filter: RequestFilter, format: ExportFormat): string {
  return endpointUrl(api.requests.exportAll, { query: { ...filter, format } });
}

/** The text of a file. Throws `ApiError` when the server refuses, `TypeError` when it cannot be reached. */
export async function exportText(address: string): Promise<string> {
  const response = await fetch(address);
  if (response.ok) return response.text();
  const problem = Problem.safeParse(await response.json().catch(() => null));
  throw problem.success ? new ApiError(problem.data) : new Error(`The server answered ${response.status}`);
}
