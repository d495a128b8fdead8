import { createHash } from "node:crypto";
import { status, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type {
  DeleteReply,
  DeleteRequest,
  DownloadReply,
  DownloadRequest,
  InitReply,
  InitRequest,
  UpdateReply,
  UpdateRequest,
} from "@assay/proto";
import type { Logger } from "@assay/process";
import { sandboxLimits } from "./executor.ts";
import { serveDownload } from "./serve-download.ts";
import { serveFetchData, type FetchDataCall } from "./fetch-data.ts";
import type { RunParts } from "./source-run.ts";
import { isCodeHash } from "./validate-request.ts";

export interface RunnerServiceOptions extends RunParts {
  readonly sandbox: string;
  /** Calls under way, to be aborted when the runner closes. */
  readonly openCalls: Set<AbortController>;
  readonly logger: Logger;
}

function updateFault({ sourceId, codeHash, code }: UpdateRequest): string | undefined {
  const { codeBytesMax } = sandboxLimits;
  if (sourceId === "") return "source_id is empty.";
  if (!isCodeHash(codeHash)) return "code_hash: 64 lower-case hexadecimal digits are needed.";
  const bytes = Buffer.byteLength(code);
  if (bytes > codeBytesMax) return `code: ${bytes} bytes; ${codeBytesMax} are allowed.`;
  if (createHash("sha256").update(code).digest("hex") !== codeHash) return "code_hash is not the SHA-256 of code.";
  return undefined;
}

/** What a runner answers; see runner.proto. */
export function runnerService(options: RunnerServiceOptions): UntypedServiceImplementation {
  const { executor, store, sandbox, openCalls, logger } = options;

  async function update(call: ServerUnaryCall<UpdateRequest, UpdateReply>): Promise<UpdateReply> {
    const { sourceId, codeHash, code } = call.request;
    const controller = new AbortController();
    call.once("cancelled", () => controller.abort());
    openCalls.add(controller);
    // Before it is compiled: calls that wait for it go on, and what the compiler says is their answer.
    store.put(sourceId, codeHash, code);
    try {
      return { diagnostics: await executor.prepare({ sourceId, codeHash, code }, controller.signal) };
    } finally {
      openCalls.delete(controller);
    }
  }

  async function reply(call: ServerUnaryCall<UpdateRequest, UpdateReply>, callback: sendUnaryData<UpdateReply>) {
    try {
      callback(null, await update(call));
    } catch (err) {
      logger.error({ err, sourceId: call.request.sourceId }, "a source could not be compiled");
      callback({ code: status.INTERNAL, details: "The runner failed to compile the source; its log says why." });
    }
  }

  async function replyDownload(
    call: ServerUnaryCall<DownloadRequest, DownloadReply>,
    callback: sendUnaryData<DownloadReply>,
  ) {
    try {
      callback(null, await serveDownload(call, options.egress, openCalls));
    } catch (err) {
      logger.error({ err }, "a file could not be fetched");
      callback({ code: status.INTERNAL, details: "The runner failed; its log says why." });
    }
  }

  return {
    Init(call: ServerUnaryCall<InitRequest, InitReply>, callback: sendUnaryData<InitReply>) {
      const hashes = new Set(call.request.sources.map(({ codeHash }) => codeHash));
      const missingCodeHashes = [...hashes].filter((codeHash) => store.get(codeHash) === undefined);
      callback(null, { missingCodeHashes, language: executor.language, sandbox });
    },
    Update(call: ServerUnaryCall<UpdateRequest, UpdateReply>, callback: sendUnaryData<UpdateReply>) {
      const fault = updateFault(call.request);
      if (fault !== undefined) return callback({ code: status.INVALID_ARGUMENT, details: fault });
      void reply(call, callback);
    },
    Delete(call: ServerUnaryCall<DeleteRequest, DeleteReply>, callback: sendUnaryData<DeleteReply>) {
      store.delete(call.request.sourceId);
      executor.forget(call.request.sourceId);
      callback(null, {});
    },
    Download(call: ServerUnaryCall<DownloadRequest, DownloadReply>, callback: sendUnaryData<DownloadReply>) {
      void replyDownload(call, callback);
    },
    FetchData(call: FetchDataCall) {
      serveFetchData(call, options, openCalls, logger).catch((err: unknown) => {
        logger.error({ err }, "a lookup could not be served");
        call.emit("error", { code: status.INTERNAL, details: "The runner failed; its log says why." });
      });
    },
  };
}
