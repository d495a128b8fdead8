import type { ServerConfig } from "@assay/contract";
import { failValidation } from "../../problem-error.ts";
import type { PasswordStrength } from "./password-strength.ts";

/** Whose password it is going to be. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/** What holds for every password that a person chooses. */
export interface PasswordRules {
  /** `field` names the password in the request. @throws ProblemError VALIDATION_FAILED with what to do, UNAVAILABLE */
  check(field: string, password: string, owner: PasswordOwner): Promise<void>;
}

const fallback = "Use more words, and less common ones.";

export function createPasswordRules(
  strength: PasswordStrength,
  settings: () => Pick<ServerConfig, "passwordLengthMin" | "passwordScoreMin">,
): PasswordRules {
  return {
    async check(field, password, owner) {
      const { passwordLengthMin, passwordScoreMin } = settings();
      if (password.length < passwordLengthMin) {
        failValidation([{ field, message: `must have at least ${passwordLengthMin} characters` }]);
      }
      if (passwordScoreMin === 0) return;
      const { score, advice } = await strength.estimate(password, knownWords(owner));
      if (score >= passwordScoreMin) return;
      failValidation([{ field, message: `is too easy to guess. ${advice === "" ? fallback : advice}` }]);
    },
  };
}

/** What somebody who knows the person would try: the address and the name, whole and in parts. */
export function knownWords({ email, name }: PasswordOwner): string[] {
  const parts = `${email} ${name}`.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 2);
  return [...new Set(["assay", email, name, ...parts].map((word) => word.toLowerCase()).filter((word) => word !== ""))];
}
