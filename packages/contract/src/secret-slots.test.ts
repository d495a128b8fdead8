import { expect, test } from "vitest";
import { intersectHosts, type SecretSlot, secretSlotProblems, SourceManifest } from "./index.ts";

test.each([
  [["api.example.com"], ["api.example.com", "www.example.com"], ["api.example.com"]],
  [["api.example.com"], ["*.example.com"], ["api.example.com"]],
  [["*.example.com"], ["api.example.com"], ["api.example.com"]],
  [["*.example.com"], ["*.api.example.com"], ["*.api.example.com"]],
  [["*"], ["api.example.com", "*.example.org"], ["api.example.com", "*.example.org"]],
  [["*.example.com"], ["example.com"], []],
  [["*.example.com"], ["badexample.com", "api.example.com.evil.test"], []],
  [["*.example.com", "*"], ["api.example.com:8443"], []],
  [["api.example.com"], ["api.example.com:8443"], []],
  [["api.example.com:8443"], ["api.example.com:8443"], ["api.example.com:8443"]],
  [["*.example.com"], ["*.a.example.com:8443", "a.example.com:99999"], []],
  [["*.0.2.1", "1.2.3.4.5"], ["*.0.2.1", "1.2.3.4.5"], []],
  [["dns:*", "*"], ["dns:example.com", "dns:*"], []],
  [[], ["*"], []],
])("what %j and %j both allow is %j", (first, second, both) => {
  expect(intersectHosts(first, second)).toEqual(both);
  expect(intersectHosts(second, first).toSorted()).toEqual(both.toSorted());
});

test("a slot has a name of its own and only hosts of its source; the catalogue is told where not", () => {
  const slot = (name: string, ...hosts: string[]): SecretSlot => ({ name, hosts, required: true, exposed: false });
  const slots = [slot("A", "api.example.com"), slot("A", "*.example.com", "evil.test")];
  expect(secretSlotProblems([slot("A", "api.example.com")], ["*.example.com"])).toEqual([]);
  expect(secretSlotProblems(slots, ["*.example.com"])).toEqual([
    { path: [1, "name"], message: "is A, which another slot has already" },
    { path: [1, "hosts", 1], message: "is evil.test, which is not among the hosts of the source" },
  ]);
  const manifest = {
    name: "Example",
    description: "x",
    provider: "example",
    language: "python",
    indicators: ["IPV4"],
    exposure: "passive",
    reliability: "C",
    hosts: ["api.example.com"],
  };
  const secrets = [{ name: "EXAMPLE_KEY", hosts: ["api.example.com"] }];
  expect(SourceManifest.parse({ ...manifest, secrets }).secrets).toEqual([
    { name: "EXAMPLE_KEY", hosts: ["api.example.com"], required: true, exposed: false },
  ]);
  const bad = [
    { name: "EXAMPLE_KEY", hosts: ["evil.test", "dns:example.com"] },
    { name: "key", hosts: [] },
  ];
  const { error } = SourceManifest.safeParse({ ...manifest, secrets: bad });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(
    expect.arrayContaining(["secrets.0.hosts.1", "secrets.1.name", "secrets.1.hosts"]),
  );
});
