import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../testing.ts";

let folder: string;
let backend: TestBackend;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-dashboard-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Assay</title>");
  await writeFile(join(folder, "assets/main-1a2b3c.js"), "export {};");
  await writeFile(join(folder, "favicon.svg"), "<svg/>");
  backend = await startTestBackend({ dashboardFolder: folder, publicUrl: "https://assay.example.org" });
});
afterAll(async () => {
  await backend.close();
  await rm(folder, { recursive: true });
});

const get = (path: string) => fetch(`${backend.url}${path}`);

test("the page is served for every address of its router, never from a cache, and runs no script but its own", async () => {
  for (const path of ["/", "/lookups/abc", "/sources/dns?tab=code"]) {
    const response = await get(path);
    expect(await response.text()).toContain("<title>Assay</title>");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  }
});

test("files with a hash in their name are kept for ever, missing ones are not the page, and nothing else can be had", async () => {
  const file = await get("/assets/main-1a2b3c.js");
  expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(file.headers.get("content-type")).toContain("text/javascript");
  expect((await get("/favicon.svg")).headers.get("content-type")).toBe("image/svg+xml");
  expect((await get("/assets/gone-000000.js")).status).toBe(404);
  for (const path of ["/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/.env"]) {
    expect(await (await get(path)).text()).not.toMatch(/root:|ASSAY_/);
  }
});

test("where people come over https, cookies and pages insist on it", async () => {
  const { email, password } = backend.admin;
  const response = await fetch(`${backend.url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  expect(response.headers.getSetCookie()[0]).toMatch(
    /^__Host-assay\.sid=s%3A.*; Path=\/; .*; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect((await get("/")).headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
});
