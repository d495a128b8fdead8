/** Something that a person has to put right. The message is one full sentence that says what, why and what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
}
