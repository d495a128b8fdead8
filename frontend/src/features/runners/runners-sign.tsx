import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { paths } from "../../api/paths.ts";
import { runnersQuery } from "../../api/runners.ts";
import { runnerTroubles } from "./runner-trouble.ts";
import styles from "./runners-sign.module.css";

/** In the navigation: nothing while all is well, a sign when a runner is in trouble. */
export function RunnersSign() {
  const runners = useQuery(runnersQuery);
  const troubles = runnerTroubles(runners.data ?? []);
  if (troubles.length === 0) return null;
  return (
    <Link
      to={paths.settingsRunners}
      className={styles["sign"]}
      title={troubles.map((trouble) => trouble.title).join("; ")}
    >
      <TriangleAlert size={18} aria-hidden />
      <span>Runners</span>
    </Link>
  );
}
