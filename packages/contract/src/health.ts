import { z } from "zod";
import { endpoints } from "./endpoint.ts";

export const Dependency = z.strictObject({
  name: z.string(),
  up: z.boolean(),
  /** Why it is down, or what is wrong with it although it is up. */
  reason: z.string().nullable(),
  /** What is worth knowing although nothing is wrong. */
  note: z.string().optional(),
});
export type Dependency = z.infer<typeof Dependency>;

const Health = z.strictObject({ status: z.enum(["up", "down"]) });
const Readiness = z.strictObject({ status: z.enum(["ready", "degraded", "down"]), dependencies: z.array(Dependency) });

export const healthApi = endpoints({
  get: {
    method: "GET",
    path: "/health",
    summary: "Up or not",
    access: "public",
    responses: { 200: Health, 503: Health },
  },
  ready: {
    method: "GET",
    path: "/health/ready",
    summary: "Ready or not, with each dependency",
    access: "authenticated",
    responses: { 200: Readiness, 503: Readiness },
  },
});
