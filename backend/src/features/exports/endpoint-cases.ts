import type { Request, requestsApi } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  readonly token: { readonly authorization: string };
  readonly lookUp: () => Promise<Request>;
}

/** One call per endpoint that succeeds. */
export function exportCases(
  caller: () => Caller,
): Record<keyof typeof requestsApi & `export${string}`, () => Promise<unknown>> {
  const ask = async (path: string): Promise<Response> => {
    const { backend, token } = caller();
    return fetch(`${backend.url}/api/v1/requests/${path}`, { headers: token });
  };
  return {
    async export() {
      const { id } = await caller().lookUp();
      const response = await ask(`${id}/export?format=stix`);
      expect(response.headers.get("content-type")).toBe("application/stix+json;version=2.1");
      expect(response.headers.get("content-disposition")).toBe(`attachment; filename="assay-lookup-${id}.stix.json"`);
      expect(await response.json()).toMatchObject({ type: "bundle" });
    },
    async exportAll() {
      const { id, data } = await caller().lookUp();
      const response = await ask(`export?format=csv&kind=IPV4&data=${data}`);
      expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
      expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="assay-lookups-[\d-]+\.csv"$/);
      expect(await response.text()).toMatch(new RegExp(`^lookupId,createdAt,.*\r\n${id},`));
    },
  };
}
