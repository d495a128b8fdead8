import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy.ts";
import { IconButton } from "./icon-button.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, as in "Copy trace id". */
  readonly what: string;
  /** With words instead of the icon alone. */
  readonly worded?: boolean;
}

const doneMs = 1500;

export function CopyButton({ text, what, worded = false }: CopyButtonProps) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), doneMs);
    return () => clearTimeout(timer);
  }, [done]);
  const icon = done ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />;
  const copy = async (): Promise<void> => setDone(await copyText(text, what));
  if (worded) {
    return (
      <Button size="s" icon={icon} onClick={() => void copy()}>
        Copy {what}
      </Button>
    );
  }
  return <IconButton label={`Copy ${what}`} icon={icon} onClick={() => void copy()} />;
}
