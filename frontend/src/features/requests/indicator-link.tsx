import type { IndicatorKind, Pap, RequestSummary, Tlp } from "@assay/contract";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { announce } from "../../components/announce.tsx";
import { Mono } from "../../components/mono.tsx";
import { problemTitle } from "../../components/problem-words.ts";
import { useStartLookup } from "./use-start-lookup.ts";

interface IndicatorLinkProps {
  readonly kind: IndicatorKind;
  readonly data: string;
  /** Of the lookup it is found in: what may be done with that holds for this. */
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  /** What comes of a private lookup is private too. */
  readonly visibility?: RequestSummary["visibility"];
  readonly className?: string | undefined;
  readonly children?: ReactNode;
}

/**
 * An indicator as a link that looks it up. The address itself only fills the box, so that a link opened in a new tab, or
 * sent by somebody, never asks by itself. For those who may not ask it leads to what is known already.
 */
export function IndicatorLink({ kind, data, tlp, pap, visibility, className, children }: IndicatorLinkProps) {
  const router = useRouter();
  const lookup = useStartLookup();
  const mayRun = useMay("requests:run");
  const { href } = mayRun
    ? router.buildLocation({ to: paths.home, search: { q: data, kind } })
    : router.buildLocation({ to: paths.lookups, search: { data, kind } });
  const start = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (lookup.isPending) return;
    if (!mayRun) {
      void router.navigate({ href });
      return;
    }
    lookup.mutate(
      {
        data,
        kind,
        ...(tlp ? { tlp } : {}),
        ...(pap ? { pap } : {}),
        ...(visibility === "private" ? { visibility } : {}),
      },
      { onError: (error) => announce(`${data} was not looked up: ${problemTitle(error)}`, { show: true }) },
    );
  };
  return (
    <a href={href} className={className} onClick={start} aria-busy={lookup.isPending || undefined}>
      {children ?? <Mono text={data} />}
    </a>
  );
}
