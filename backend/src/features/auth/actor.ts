import { scopesOfRoles } from "@assay/contract";
import type { ActorUser, UserActor } from "../../context.ts";

/** The user in person, with all that the roles give. */
export function userActor(user: ActorUser, via: "session" | "basic"): UserActor {
  return { type: "user", user, scopes: new Set(scopesOfRoles(user.roles)), via };
}
