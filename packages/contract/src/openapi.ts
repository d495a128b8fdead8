import { z } from "zod";
import { api, apiBasePath } from "./api.ts";
import type { Endpoint, EndpointTable } from "./endpoint.ts";
import { IdempotencyKey, type JsonObject } from "./fields.ts";
import { Problem } from "./problem.ts";

const jsonSchema = (schema: z.ZodType, io: "input" | "output"): JsonObject => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonObject;
  return rest;
};

/** The OpenAPI 3.1 description of the whole endpoint table. Stable: the same table gives the same document. */
export function openApiDocument(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [noun, table] of Object.entries(api)) {
    for (const [verb, endpoint] of Object.entries(table as EndpointTable)) {
      paths[endpoint.path] = {
        ...paths[endpoint.path],
        [endpoint.method.toLowerCase()]: operation(noun, verb, endpoint),
      };
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Assay", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: apiBasePath }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token" },
        basic: { type: "http", scheme: "basic", description: "E-mail and password" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "assay.sid",
          description: "The cookie of a sign-in; unsafe calls need X-CSRF-Token",
        },
      },
    },
  };
}

function operation(noun: string, verb: string, endpoint: Endpoint): JsonObject {
  const responses: Record<string, JsonObject> = {};
  for (const [status, schema] of Object.entries(endpoint.responses)) {
    responses[status] = {
      description: Number(status) < 300 ? "Success" : "Not available",
      ...(schema ? { content: { "application/json": { schema: jsonSchema(schema, "output") } } } : {}),
      ...(endpoint.events
        ? {
            content: {
              "text/event-stream": {
                schema: { type: "string" },
                "x-event-data": jsonSchema(endpoint.events, "output"),
              },
            },
          }
        : {}),
      ...(endpoint.file ? { content: fileContent(endpoint.file) } : {}),
    };
  }
  responses["default"] = {
    description: "A problem",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return {
    operationId: `${noun}.${verb}`,
    tags: [noun],
    summary: endpoint.summary,
    "x-access": endpoint.access,
    security: security(endpoint),
    parameters: [...parameters("path", endpoint.params), ...parameters("query", endpoint.query), ...headers(endpoint)],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: jsonSchema(endpoint.body, "input") } },
          },
        }
      : {}),
    responses,
  };
}

function fileContent(file: NonNullable<Endpoint["file"]>): JsonObject {
  const types = Object.entries(file).map(([mediaType, line]) => [
    mediaType,
    { schema: { type: "string" }, ...(line ? { "x-line": jsonSchema(line, "output") } : {}) },
  ]);
  return Object.fromEntries(types) as JsonObject;
}

function security(endpoint: Endpoint): JsonObject[] {
  if (endpoint.access === "public") return [];
  return endpoint.access === "session" ? [{ session: [] }] : [{ token: [] }, { basic: [] }, { session: [] }];
}

function headers({ idempotent }: Endpoint): JsonObject[] {
  if (!idempotent) return [];
  const description =
    "Repeated with the same body, the call makes nothing new and answers with what the first one made";
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description,
      schema: jsonSchema(IdempotencyKey, "input"),
    },
  ];
}

function parameters(place: "path" | "query", schema: z.ZodObject | undefined): JsonObject[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    return {
      name,
      in: place,
      required: place === "path" || !type.safeParse(undefined).success,
      schema: jsonSchema(type, "input"),
    };
  });
}
