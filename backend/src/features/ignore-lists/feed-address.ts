import type { ListFeed } from "@assay/contract";
import { failValidation } from "../../problem-error.ts";

const hidden = "[redacted]";

/** A runner would refuse a user or password in an address, and everybody who sees the list would see it. @throws ProblemError VALIDATION_FAILED */
export function checkFeedAddress(feed: ListFeed | null | undefined): void {
  if (!feed) return;
  const { username, password } = new URL(feed.url);
  if (username === "" && password === "") return;
  const message =
    "must not have a user or password in it: it is never sent. Take an address that needs none, or one with the key in its query";
  failValidation([{ field: "body.feed.url", message }]);
}

/** A feed for those who may not change the list, and for the audit log: without what may be a key. */
export function withoutKey(feed: ListFeed | null): ListFeed | null {
  if (feed === null || keyOf(feed) === "") return feed;
  const { origin, pathname, search } = new URL(feed.url);
  return { ...feed, url: `${origin}${pathname}${search === "" ? "" : `?${hidden}`}` };
}

/** What of its address may be a key: the query, a fragment, and, of one from before that was refused, user and password. */
export function keyOf({ url }: ListFeed): string {
  const { username, password, search, hash } = new URL(url);
  return [username, password, search, hash].join("");
}

/** What went wrong, without the key where the words repeat the address. */
export function withoutKeyIn(text: string, { url }: ListFeed): string {
  const { search } = new URL(url);
  return search === "" ? text : text.replaceAll(search, `?${hidden}`);
}
