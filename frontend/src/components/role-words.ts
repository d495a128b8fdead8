import type { Role } from "@assay/contract";

export const roleWords: Readonly<Record<Role, string>> = {
  admin: "Administrator",
  source_author: "Source author",
  secret_reader: "Secret reader",
  analyst: "Analyst",
  viewer: "Viewer",
};
