import type { Endpoint, EndpointInput, EndpointResult, EndpointTable } from "@assay/contract";
import type { Context, Origin } from "../context.ts";
import type { EventStream } from "./event-stream.ts";
import type { SessionHandle } from "./session.ts";

/** What a handler may need to know of the HTTP call beside its input. */
export interface Exchange {
  readonly origin: Origin;
  /** Signs the caller in and out. */
  readonly session: SessionHandle;
  /** What the caller names this attempt by, where the endpoint takes that. */
  readonly idempotencyKey: string | null;
}

/**
 * Answers one endpoint. A handler of events sends them and resolves when the stream is over; one of a file resolves with what to send,
 * which is asked for as fast as the client takes it.
 */
export type Handler<E extends Endpoint> = E extends { readonly events: object }
  ? (ctx: Context, input: EndpointInput<E>, stream: EventStream) => Promise<void>
  : E extends { readonly file: object }
    ? (ctx: Context, input: EndpointInput<E>) => Promise<FileAnswer>
    : (ctx: Context, input: EndpointInput<E>, exchange: Exchange) => Promise<EndpointResult<E>>;

/** A file to be kept, made while it is sent. */
export interface FileAnswer {
  /** Letters, digits, dots and hyphens: it stands in a header. */
  readonly name: string;
  /** With its parameters, such as `text/csv; charset=utf-8`. */
  readonly mediaType: string;
  readonly chunks: AsyncIterable<string>;
}

/** One handler for every endpoint of a table: none missing, none too many. */
export type Handlers<T extends EndpointTable> = { readonly [K in keyof T]: Handler<T[K]> };
