import type { Request } from "@assay/contract";
import { describe, expect, it } from "vitest";
import { everyKind, testRequest } from "../fixtures.ts";
import { uuidV5 } from "../uuid.ts";
import { observe } from "./observable.ts";
import { StixBundleSchema } from "./stix-schema.ts";
import { stixWriter } from "./stix.ts";

type Objects = { type: string; id: string; [property: string]: unknown }[];

function bundleOf(requests: readonly Request[], tlp: Request["tlp"] = "CLEAR"): Objects {
  const { head, lookup, foot } = stixWriter({ key: "test", title: "Test", madeAt: new Date(0), tlp });
  const bundle = JSON.parse([head?.() ?? "", ...requests.map(lookup), foot?.() ?? ""].join(""));
  return (StixBundleSchema.parse(bundle).objects ?? []) as Objects;
}
const ofType = (objects: Objects, type: string): Objects => objects.filter((object) => object.type === type);

describe("a STIX bundle", () => {
  it("makes UUIDs of version 5 as RFC 9562 has them, and ids of observables as OASIS does", () => {
    expect(uuidV5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
    const first = observe("IPV4", "198.51.100.3");
    // What OASIS's own library makes of the address in its examples.
    expect(typeof first === "string" ? null : first.objects[0]?.id).toBe(
      "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
    );
  });

  it.each(everyKind)("is valid for $kind, in every verdict and marking", ({ kind, data }) => {
    const verdicts = ["malicious", "suspicious", "benign", "unknown"] as const;
    const markings = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] as const;
    const requests = verdicts.flatMap((verdict, v) =>
      markings.map((tlp, t) => testRequest({ id: `lookup0000${v}${t}`, kind, data, tlp }, verdict)),
    );
    for (const request of requests) expect(bundleOf([request]).length).toBeGreaterThan(2);
    const together = bundleOf(requests, "RED");
    expect(ofType(together, "marking-definition")).toHaveLength(5);
    expect(bundleOf(requests, "RED")).toEqual(together);
  });

  it("says what it is, who says so, since when and for how long, and who disagrees", () => {
    const objects = bundleOf([testRequest()]);
    const [indicator] = ofType(objects, "indicator");
    expect(indicator).toMatchObject({
      pattern: "[domain-name:value = 'evil.example']",
      indicator_types: ["malicious-activity"],
      confidence: 85,
      valid_from: "2026-01-02T03:04:05.000Z",
      valid_until: "2026-04-02T03:04:05.000Z",
      labels: ["pap:green"],
      object_marking_refs: ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"],
    });
    expect(ofType(objects, "opinion").map(({ opinion, authors }) => [opinion, authors])).toEqual([
      ["strongly-agree", ["accuser"]],
      ["strongly-disagree", ["defender"]],
    ]);
    expect(ofType(objects, "sighting")).toMatchObject([
      { first_seen: "2025-11-30T22:00:00.000Z", last_seen: "2026-01-01T00:00:00.000Z", sighting_of_ref: indicator?.id },
    ]);
    expect(ofType(objects, "relationship").map((tie) => tie["relationship_type"])).toEqual([
      "related-to",
      "resolves-to",
      "related-to",
    ]);
  });

  it("makes no indicator of what is unknown, and quotes what would end a pattern's string", () => {
    expect(ofType(bundleOf([testRequest({}, "unknown")]), "indicator")).toEqual([]);
    const data = "HKEY_USERS\\it's";
    const [indicator] = ofType(bundleOf([testRequest({ kind: "REGISTRY_KEY", data })]), "indicator");
    expect(indicator?.["pattern"]).toBe("[windows-registry-key:key = 'HKEY_USERS\\\\it\\'s']");
  });

  it("marks what lookups share with the strictest marking of them all", () => {
    const objects = bundleOf([testRequest({ tlp: "CLEAR" }), testRequest({ id: "lookup000002", tlp: "RED" })], "RED");
    const [name] = ofType(objects, "domain-name");
    expect(name?.["object_marking_refs"]).toEqual(["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]);
    expect(bundleOf([])).toEqual([]);
  });
});
