import type { z } from "zod";
import type { Access } from "./access.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** One row of the endpoint table. Handlers, the client, OpenAPI and the authorisation all read it. */
export interface Endpoint {
  readonly method: Method;
  /** Below `/api/v1`; parameters as `{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Most bytes that a body may have; 1 MiB unless told. */
  readonly bodyBytesMax?: number;
  /** Takes the header Idempotency-Key: a call that is repeated with the same key and body gives what the first one made. */
  readonly idempotent?: boolean;
  /** A schema per status; null is an answer without a body. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** The 200 answer is a stream of server-sent events with this data. */
  readonly events?: z.ZodType;
  /** The 200 answer is a file, streamed, of one of these media types; the schema is that of each line where a file has lines of JSON. */
  readonly file?: Readonly<Record<string, z.ZodType | null>>;
}

export type EndpointTable = Readonly<Record<string, Endpoint>>;

/** Declares the endpoints of one noun, keeping the precise types. */
export function endpoints<const T extends EndpointTable>(table: T): T {
  return table;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Given<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler is called with, parsed. */
export interface EndpointInput<E extends Endpoint> {
  readonly params: Parsed<E["params"]>;
  readonly query: Parsed<E["query"]>;
  readonly body: Parsed<E["body"]>;
}

/** What a handler answers: one of the declared statuses with its body. */
export type EndpointResult<E extends Endpoint> = {
  [S in keyof E["responses"] & number]: {
    readonly status: S;
    readonly body: E["responses"][S] extends z.ZodType ? z.input<E["responses"][S]> : null;
    readonly headers?: Readonly<Record<string, string>>;
  };
}[keyof E["responses"] & number];

type Part<Name extends string, S> = S extends z.ZodType
  ? Record<never, never> extends z.input<S>
    ? { readonly [K in Name]?: Given<S> }
    : { readonly [K in Name]: Given<S> }
  : unknown;

/** What a client gives. */
export type EndpointCall<E extends Endpoint> = Part<"params", E["params"]> &
  Part<"query", E["query"]> &
  Part<"body", E["body"]>;

/** What a client gets. */
export type EndpointReply<E extends Endpoint> = {
  [S in keyof E["responses"] & number]: E["responses"][S] extends z.ZodType ? z.output<E["responses"][S]> : null;
}[keyof E["responses"] & number];
