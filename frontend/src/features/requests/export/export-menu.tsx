import type { ExportFormat } from "@assay/contract";
import { Copy, Download } from "lucide-react";
import { exportText } from "../../../api/exports.ts";
import { announce } from "../../../components/announce.tsx";
import { Button } from "../../../components/button.tsx";
import { copyText } from "../../../components/copy.ts";
import { Menu, MenuItem, MenuLink } from "../../../components/menu.tsx";
import { problemTitle } from "../../../components/problem-words.ts";
import { exportWords } from "./export-words.ts";

interface ExportMenuProps {
  /** Where the file of a format is. */
  readonly addressOf: (format: ExportFormat) => string;
  /** Offers to copy as well: for what is small enough for a clipboard. */
  readonly copies?: boolean;
  readonly align?: "start" | "end";
}

const formats = Object.keys(exportWords) as ExportFormat[];

/** Takes lookups along as a file, or as text for a ticket. */
export function ExportMenu({ addressOf, copies = false, align = "end" }: ExportMenuProps) {
  const copy = async (format: ExportFormat, what: string): Promise<void> => {
    try {
      await copyText(await exportText(addressOf(format)), what);
    } catch (error) {
      announce(`Nothing was copied: ${problemTitle(error instanceof Error ? error : new Error(String(error)))}`, {
        show: true,
      });
    }
  };
  return (
    <Menu
      align={align}
      trigger={
        <Button size="s" icon={<Download size={14} aria-hidden />}>
          Export
        </Button>
      }
    >
      {copies && (
        <>
          <MenuItem
            icon={<Copy size={14} aria-hidden />}
            onSelect={() => void copy("markdown", "as Markdown, defanged")}
          >
            Copy as Markdown
          </MenuItem>
          <MenuItem icon={<Copy size={14} aria-hidden />} onSelect={() => void copy("text", "as text, defanged")}>
            Copy as defanged text
          </MenuItem>
        </>
      )}
      {formats.map((format) => (
        <MenuLink key={format} href={addressOf(format)} aside={exportWords[format][1]}>
          {exportWords[format][0]}
        </MenuLink>
      ))}
    </Menu>
  );
}
