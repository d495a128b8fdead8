import type { Endpoint, EndpointInput, EndpointResult, EndpointTable } from "@assay/contract";
import type { Context } from "../context.ts";
import type { EventStream } from "./event-stream.ts";
import type { SessionHandle } from "./session.ts";

/** What a handler may need to know of the HTTP call beside its input. */
export interface Exchange {
  /** IP address of the caller. */
  readonly address: string;
  /** Signs the caller in and out. */
  readonly session: SessionHandle;
}

/** Answers one endpoint. A handler of events sends them and resolves when the stream is over. */
export type Handler<E extends Endpoint> = E extends { readonly events: object }
  ? (ctx: Context, input: EndpointInput<E>, stream: EventStream) => Promise<void>
  : (ctx: Context, input: EndpointInput<E>, exchange: Exchange) => Promise<EndpointResult<E>>;

/** One handler for every endpoint of a table: none missing, none too many. */
export type Handlers<T extends EndpointTable> = { readonly [K in keyof T]: Handler<T[K]> };
