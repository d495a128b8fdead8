import { config } from "zod";

// Before any schema is made: compiled ones need eval, which the policy forbids, and already the probe for it is reported.
config({ jitless: true });
