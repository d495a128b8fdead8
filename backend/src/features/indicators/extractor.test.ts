import { afterEach, expect, test } from "vitest";
import { createExtractor, type Extractor, type ExtractorOptions } from "./extractor.ts";

const never = new AbortController().signal;
const open: Extractor[] = [];
function newExtractor(options: ExtractorOptions = {}): Extractor {
  const extractor = createExtractor(options);
  open.push(extractor);
  return extractor;
}
afterEach(() => Promise.all(open.splice(0).map((extractor) => extractor.close())));

/** Half a million characters of the costliest kind. */
const hostile = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAef ".repeat(12_000);

test("long texts are read beside the event loop, in turn, and give what short ones give", async () => {
  const extractor = newExtractor();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const texts = Array.from({ length: 6 }, (_, i) => `${hostile} 9.9.9.${i}`);
  const found = await Promise.all(texts.map((text) => extractor.extract(text, {}, never)));
  clearInterval(timer);
  expect(found.map(({ indicators }) => indicators.map(({ data }) => data))).toEqual(
    texts.map((_, i) => [`9.9.9.${i}`]),
  );
  expect(found[0]?.leftOut.dropped).toBe(11_000);
  // The event loop went on in the meantime; had it not, there would have been no turn at all.
  expect(turns).toBeGreaterThan(5);
  const inline = await newExtractor({ inlineCharsMax: 100 }).extract("9.9.9.9 evil[.]com", {}, never);
  expect(inline.indicators.map(({ data }) => data)).toEqual(["9.9.9.9", "evil.com"]);
});

test("a text that takes too long, or that nobody waits for any more, ends its worker and not the next text", async () => {
  const hasty = newExtractor({ timeoutMs: 1, waitingMax: 1 });
  const late = [1, 2, 3].map(() => hasty.extract(hostile, {}, never));
  await expect(hasty.extract(hostile, {}, never)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("Too many long texts"),
  });
  for (const one of late)
    await expect(one).rejects.toMatchObject({ message: expect.stringContaining("smaller parts") });

  const patient = newExtractor();
  const gone = new AbortController();
  const left = patient.extract(hostile, {}, gone.signal);
  gone.abort(new Error("the caller is gone"));
  await expect(left).rejects.toThrow("the caller is gone");
  expect((await patient.extract(`${hostile} 9.9.9.9`, {}, never)).indicators).toHaveLength(1);

  const closing = patient.extract(hostile, {}, never);
  const settled = expect(closing).rejects.toThrow("has ended");
  await patient.close();
  await settled;
  await expect(patient.extract(hostile, {}, never)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
