/** Told whenever somebody starts, stops or changes a batch; the payload is its id. */
export const batchesChannel = "batches_changed";
