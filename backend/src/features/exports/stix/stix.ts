import { strictestTlp } from "../strictest-tlp.ts";
import type { ExportSubject, ExportWriter } from "../writer.ts";
import { lookupObjects } from "./lookup-objects.ts";
import { ownId } from "./stix-object.ts";

/**
 * A STIX 2.1 bundle. No object stands in it twice, so the ids of those that are written are remembered: about 150 bytes each, the only
 * thing that grows with the export.
 */
export function stixWriter(subject: ExportSubject): ExportWriter {
  const written = new Set<string>();
  return {
    head: () => `{"type":"bundle","id":${JSON.stringify(ownId("bundle", subject.key))}`,
    lookup(request) {
      let text = "";
      for (const object of lookupObjects(request, strictestTlp([subject.tlp, request.tlp]))) {
        if (written.has(object.id)) continue;
        text += `${written.size === 0 ? ',"objects":[' : ","}\n${JSON.stringify(object)}`;
        written.add(object.id);
      }
      return text;
    },
    // A list of STIX is never empty: a bundle of nothing has none.
    foot: () => (written.size === 0 ? "}\n" : "\n]}\n"),
  };
}
