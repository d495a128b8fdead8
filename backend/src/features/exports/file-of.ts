import type { ExportFormat, Request } from "@assay/contract";
import type { FileAnswer } from "../../http/handlers.ts";
import { exportFormats } from "./formats.ts";
import type { ExportSubject, ExportWriter } from "./writer.ts";

/** Lookups as a file of a format, written as they come. */
export function fileOf(
  name: string,
  format: ExportFormat,
  subject: ExportSubject,
  requests: AsyncIterable<Request> | Iterable<Request>,
): FileAnswer {
  const { ending, mediaType, open } = exportFormats[format];
  return { name: `${name}${ending}`, mediaType, chunks: write(open(subject), requests) };
}

async function* write(
  { head, lookup, foot }: ExportWriter,
  requests: AsyncIterable<Request> | Iterable<Request>,
): AsyncGenerator<string> {
  if (head) yield head();
  for await (const request of requests) yield lookup(request);
  if (foot) yield foot();
}
