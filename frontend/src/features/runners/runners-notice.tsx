import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { paths } from "../../api/paths.ts";
import { runnersQuery } from "../../api/runners.ts";
import { Notice } from "../../components/notice.tsx";
import { runnerTroubles } from "./runner-trouble.ts";

/** What is wrong with the runners, if anything. */
export function RunnersNotice() {
  const runners = useQuery(runnersQuery);
  return runnerTroubles(runners.data ?? []).map((trouble) => (
    <Notice
      key={trouble.runner.address + trouble.title}
      tone="warning"
      title={trouble.title}
      action={<Link to={paths.settingsRunners}>See runners</Link>}
    >
      <p>{trouble.advice}</p>
    </Notice>
  ));
}
