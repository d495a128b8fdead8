import type { Visibility } from "@assay/contract";

/** Who sees a lookup or a batch, in the words of its owner. */
export const visibilityWords: Readonly<Record<Visibility, string>> = { private: "Only you", everyone: "Everyone" };
