import type { Facts } from "@assay/contract";
import { Fragment, useState } from "react";
import { Button } from "../../../components/button.tsx";
import { factLabels, type FactName, factOrder, factWords } from "./fact-words.ts";
import styles from "./fact-list.module.css";

const valuesShown = 20;
const monoFacts: ReadonlySet<FactName> = new Set([
  "asn",
  "network",
  "reverseName",
  "hostnames",
  "ports",
  "nameservers",
  "cves",
  "fileName",
]);

export function FactList({ facts }: { readonly facts: Facts }) {
  const names = factOrder.filter((name) => facts[name] !== undefined);
  if (names.length === 0) return null;
  return (
    <dl className={styles["facts"]} aria-label="Facts">
      {names.map((name) => (
        <Fragment key={name}>
          <dt>{factLabels[name]}</dt>
          <dd className={monoFacts.has(name) ? styles["mono"] : undefined}>
            <FactValue name={name} value={facts[name] ?? ""} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function FactValue({
  name,
  value,
}: {
  readonly name: FactName;
  readonly value: string | number | (string | number)[];
}) {
  const [all, setAll] = useState(false);
  if (!Array.isArray(value)) return factWords(name, value);
  const shown = all ? value : value.slice(0, valuesShown);
  return (
    <>
      {shown.map((one) => factWords(name, one)).join(", ")}
      {shown.length < value.length && (
        <Button size="s" variant="plain" onClick={() => setAll(true)}>
          Show all {value.length}
        </Button>
      )}
    </>
  );
}
