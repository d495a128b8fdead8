import { copyFile, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findInterpreter } from "./interpreter.ts";

test("an interpreter that sandboxes would not show, or that is none, is refused with the setting and what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-interpreter-"));
  try {
    const copy = join(folder, "python3");
    await copyFile(await realpath("/usr/bin/python3"), copy);
    await expect(findInterpreter(copy)).rejects.toThrow(
      /ASSAY_PYTHON needs .*python3, which is not below \/usr.*Name/s,
    );
    await expect(findInterpreter(join(folder, "none"))).rejects.toThrow(/ASSAY_PYTHON names an interpreter.*ENOENT/s);
    expect((await findInterpreter("/usr/bin/python3")).path).toMatch(/^\/usr\//);
  } finally {
    await rm(folder, { recursive: true });
  }
});
