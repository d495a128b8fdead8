import { type RequestSummary, Visibility } from "@assay/contract";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronDown, Globe, Lock } from "lucide-react";
import { meQuery, useMay } from "../../../api/auth.ts";
import { Menu, MenuItem } from "../../../components/menu.tsx";
import { visibilityWords } from "../visibility-words.ts";
import { useSetVisibility } from "./use-set-visibility.ts";
import styles from "./seen-by.module.css";

const icons = { private: Lock, everyone: Globe } as const;

/** Who sees the lookup; for its owner, and for whoever reads all, the way to open or close it. */
export function SeenBy({ request }: { readonly request: RequestSummary }) {
  const { userId, visibility, tlp } = request;
  const me = useQuery(meQuery);
  const mayRun = useMay("requests:run");
  const mayReadAll = useMay("requests:readAll");
  const change = useSetVisibility(request.id);
  if (!me.isSuccess) return null;
  const isOwn = me.data.user.id === userId;
  const words = isOwn ? visibilityWords : { ...visibilityWords, private: "Its owner only" };
  const Icon = icons[visibility];
  const label = (
    <>
      <Icon size={14} aria-hidden />
      <span>Seen by {words[visibility].toLowerCase()}</span>
    </>
  );
  if (tlp === "RED" || !mayRun || !(isOwn || mayReadAll)) {
    return visibility === "everyone" ? null : <span className={styles["label"]}>{label}</span>;
  }
  return (
    <Menu
      trigger={
        <button type="button" className={[styles["label"], styles["trigger"]].join(" ")} disabled={change.isPending}>
          {label}
          <ChevronDown size={14} aria-hidden />
        </button>
      }
    >
      {Visibility.options.map((one) => (
        <MenuItem
          key={one}
          icon={one === visibility ? <Check size={16} /> : null}
          onSelect={() => one !== visibility && change.mutate(one)}
        >
          {words[one]}
        </MenuItem>
      ))}
    </Menu>
  );
}
