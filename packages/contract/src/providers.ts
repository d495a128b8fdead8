import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { IgnoreList } from "./ignore-lists.ts";
import { HttpUrl, Id, page, pageQuery, Slug, Timestamp } from "./fields.ts";
import { SourceSummary } from "./sources.ts";

export const ProviderInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  slug: Slug.optional().meta({ description: "Made from the name when absent" }),
  description: z.string().max(4000).default(""),
  url: HttpUrl.nullable().default(null),
  family: Slug.optional().meta({
    description: "Providers of one family count once in a verdict; the slug when absent",
  }),
  enabled: z.boolean().default(true),
});
export type ProviderInput = z.infer<typeof ProviderInput>;

export const ProviderPatch = z.strictObject({
  name: ProviderInput.shape.name.optional(),
  slug: Slug.optional(),
  description: z.string().max(4000).optional(),
  url: HttpUrl.nullable().optional(),
  family: Slug.optional(),
  enabled: z.boolean().optional(),
});
export type ProviderPatch = z.infer<typeof ProviderPatch>;

export const Provider = z.strictObject({
  id: Id,
  slug: Slug,
  name: z.string(),
  description: z.string(),
  url: z.string().nullable(),
  family: Slug,
  enabled: z.boolean(),
  /** It comes with Assay; such a provider can be disabled but not deleted. */
  catalogue: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Provider = z.infer<typeof Provider>;

const idParam = z.strictObject({ id: Id });

export const providersApi = endpoints({
  list: {
    method: "GET",
    path: "/providers",
    summary: "Providers by name",
    access: "sources:read",
    query: z.strictObject(pageQuery),
    responses: { 200: page(Provider) },
  },
  create: {
    method: "POST",
    path: "/providers",
    summary: "Add a provider",
    access: "sources:write",
    body: ProviderInput,
    responses: { 201: Provider },
  },
  getBySlug: {
    method: "GET",
    path: "/providers/slugs/{slug}",
    summary: "One provider by slug",
    access: "sources:read",
    params: z.strictObject({ slug: Slug }),
    responses: { 200: Provider },
  },
  get: {
    method: "GET",
    path: "/providers/{id}",
    summary: "One provider",
    access: "sources:read",
    params: idParam,
    responses: { 200: Provider },
  },
  update: {
    method: "PATCH",
    path: "/providers/{id}",
    summary: "Change a provider",
    access: "sources:write",
    params: idParam,
    body: ProviderPatch,
    responses: { 200: Provider },
  },
  delete: {
    method: "DELETE",
    path: "/providers/{id}",
    summary: "Delete a provider that has no sources",
    access: "sources:write",
    params: idParam,
    responses: { 204: null },
  },
  sources: {
    method: "GET",
    path: "/providers/{id}/sources",
    summary: "The provider's sources",
    access: "sources:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(SourceSummary) },
  },
  ignoreLists: {
    method: "GET",
    path: "/providers/{id}/ignoreLists",
    summary: "Ignore lists that are tied to the provider",
    access: "ignoreLists:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(IgnoreList) },
  },
});
