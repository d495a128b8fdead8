import {
  Client,
  credentials,
  Metadata,
  type CallOptions,
  type ChannelCredentials,
  type ClientReadableStream,
  type MethodDefinition,
  type ServiceError,
} from "@grpc/grpc-js";
import type {
  DeleteReply,
  DeleteRequest,
  DownloadReply,
  DownloadRequest,
  FetchDataEvent,
  FetchDataRequest,
  HealthCheckRequest,
  HealthCheckResponse,
  InitReply,
  InitRequest,
  UpdateReply,
  UpdateRequest,
} from "./messages.ts";
import { HealthService, RunnerService } from "./services.ts";

/** Largest message in either direction. */
export const messageBytesMax = 64 * 1024 * 1024;

export interface RunnerClientOptions {
  /** Default: plain text. */
  readonly credentials?: ChannelCredentials;
}

export interface RunnerCallOptions {
  /** Absolute, in milliseconds since the epoch. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** For the trace context; the authorization is added to it. */
  readonly metadata?: Metadata;
}

/** One channel to one runner, kept open and reconnected by gRPC. Failures are gRPC `ServiceError`s. */
export interface RunnerClient {
  init(request: InitRequest, options?: RunnerCallOptions): Promise<InitReply>;
  update(request: UpdateRequest, options?: RunnerCallOptions): Promise<UpdateReply>;
  delete(request: DeleteRequest, options?: RunnerCallOptions): Promise<DeleteReply>;
  /** Emits `data`, then `end` or `error`. An aborted signal cancels the call. */
  fetchData(request: FetchDataRequest, options?: RunnerCallOptions): ClientReadableStream<FetchDataEvent>;
  download(request: DownloadRequest, options?: RunnerCallOptions): Promise<DownloadReply>;
  healthCheck(request: HealthCheckRequest, options?: RunnerCallOptions): Promise<HealthCheckResponse>;
  healthWatch(request: HealthCheckRequest, options?: RunnerCallOptions): ClientReadableStream<HealthCheckResponse>;
  close(): void;
}

const channelOptions = {
  "grpc.max_receive_message_length": messageBytesMax,
  "grpc.max_send_message_length": messageBytesMax,
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

function onAbort(
  signal: AbortSignal | undefined,
  call: { cancel(): void; once(event: "status", f: () => void): unknown },
): void {
  if (signal === undefined) return;
  const cancel = (): void => call.cancel();
  if (signal.aborted) return cancel();
  signal.addEventListener("abort", cancel, { once: true });
  call.once("status", () => signal.removeEventListener("abort", cancel));
}

/**
 * Opens a channel to one runner.
 * @param address `host:port`
 * @param token shared with the runner; sent as `authorization: Bearer …` with every call
 */
export function createRunnerClient(address: string, token: string, options: RunnerClientOptions = {}): RunnerClient {
  const client = new Client(address, options.credentials ?? credentials.createInsecure(), channelOptions);
  const authorization = `Bearer ${token}`;

  function prepare({ metadata = new Metadata(), deadlineMs }: RunnerCallOptions): [Metadata, CallOptions] {
    metadata.set("authorization", authorization);
    return [metadata, deadlineMs === undefined ? {} : { deadline: deadlineMs }];
  }

  function unary<Request, Reply>(method: MethodDefinition<Request, Reply>) {
    return (request: Request, callOptions: RunnerCallOptions = {}): Promise<Reply> =>
      new Promise((resolve, reject) => {
        const [metadata, grpcOptions] = prepare(callOptions);
        const done = (error: ServiceError | null, reply?: Reply): void =>
          error === null ? resolve(reply as Reply) : reject(error);
        const { path, requestSerialize, responseDeserialize } = method;
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          grpcOptions,
          done,
        );
        onAbort(callOptions.signal, call);
      });
  }

  function serverStream<Request, Reply>(method: MethodDefinition<Request, Reply>) {
    return (request: Request, callOptions: RunnerCallOptions = {}): ClientReadableStream<Reply> => {
      const [metadata, grpcOptions] = prepare(callOptions);
      const { path, requestSerialize, responseDeserialize } = method;
      const call = client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        grpcOptions,
      );
      onAbort(callOptions.signal, call);
      return call;
    };
  }

  return {
    init: unary(RunnerService.Init),
    update: unary(RunnerService.Update),
    delete: unary(RunnerService.Delete),
    fetchData: serverStream(RunnerService.FetchData),
    download: unary(RunnerService.Download),
    healthCheck: unary(HealthService.Check),
    healthWatch: serverStream(HealthService.Watch),
    close: () => client.close(),
  };
}
