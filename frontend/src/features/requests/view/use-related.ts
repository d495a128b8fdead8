import type { RequestSummary } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { relatedRequestsQuery } from "../../../api/requests.ts";

/** Whether what the answers of a lookup point to is looked up as well. */
export function isFollowed({ followUp }: RequestSummary): boolean {
  return followUp !== null && followUp.depth > 0;
}

/** The lookups that came of one by following it; asked for only where it is followed. */
export function useRelated(request: RequestSummary) {
  return useQuery({ ...relatedRequestsQuery(request.id), enabled: isFollowed(request) });
}
