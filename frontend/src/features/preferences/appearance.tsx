import { Choice } from "../../components/choice.tsx";
import { usePreferences } from "./use-preferences.ts";
import styles from "./appearance.module.css";

/** How Assay looks in this browser. */
export function Appearance() {
  const { preferences, setPreference } = usePreferences();
  return (
    <div className={styles["appearance"]}>
      <Choice
        label="Theme"
        value={preferences.theme}
        options={{ system: "As the system", light: "Light", dark: "Dark" }}
        onChange={(theme) => setPreference("theme", theme)}
      />
      <Choice
        label="Rows"
        value={preferences.density}
        options={{ comfortable: "Comfortable", dense: "Dense" }}
        onChange={(density) => setPreference("density", density)}
      />
      <p className={styles["hint"]}>Kept in this browser only.</p>
    </div>
  );
}
