import type { ConfigItem } from "@assay/contract";
import { durationWords } from "../../components/time.ts";

interface ConfigWord {
  readonly label: string;
  /** A value as people read it. */
  readonly value: (value: ConfigItem["value"]) => string;
}

const plain = (value: ConfigItem["value"]): string => String(value);
const onOff = (value: ConfigItem["value"]): string => (value === true ? "on" : "off");

/** What each setting is called. */
export const configWords: Readonly<Record<ConfigItem["name"], ConfigWord>> = {
  lookupDeadlineMs: { label: "Deadline of a lookup", value: (value) => durationWords(Number(value)) },
  defaultTlp: { label: "TLP of a lookup", value: plain },
  defaultPap: { label: "PAP of a lookup", value: plain },
  javascriptEnabled: { label: "Ask sources in JavaScript", value: onOff },
  pythonEnabled: { label: "Ask sources in Python", value: onOff },
  auditDaysKept: { label: "Keep events", value: (value) => `${value} days` },
};
