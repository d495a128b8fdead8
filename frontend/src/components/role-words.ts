import type { Role } from "@assay/contract";

export const roleWords: Readonly<Record<Role, string>> = {
  admin: "Administrator",
  source_author: "Source author",
  analyst: "Analyst",
  viewer: "Viewer",
};
