-- A lookup that was given from the cache what another one was given a moment before has no rows of answers: it names that one.
ALTER TABLE "requests" ADD COLUMN "answers_of" TEXT;
CREATE INDEX "requests_answers_of_idx" ON "requests"("answers_of") WHERE "answers_of" IS NOT NULL;
