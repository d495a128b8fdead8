import { brokerRedirects } from "./broker-redirects.ts";
import { brokerUrls } from "./broker-urls.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { javascriptFrames } from "./javascript-frames.ts";
import { javascriptHost } from "./javascript-host.ts";
import { proxyReplies } from "./proxy-replies.ts";
import { pythonFrames } from "./python-frames.ts";
import { runnerMessages } from "./runner-messages.ts";
import { secrets } from "./secrets.ts";

/** Everything that is fuzzed; the shares add up to a hundred thousand. */
export const targets: readonly FuzzTarget[] = [
  brokerUrls,
  brokerRedirects,
  secrets,
  proxyReplies,
  runnerMessages,
  javascriptFrames,
  javascriptHost,
  pythonFrames,
];
