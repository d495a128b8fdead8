import { Modal } from "../components/modal.tsx";
import styles from "./keyboard-help.module.css";

const keys: readonly (readonly [string[], string])[] = [
  [["/"], "Go to the look-up box"],
  [["Ctrl", "K"], "The same, from anywhere"],
  [["Enter"], "Look up what is in the box; open what is focused"],
  [["↓", "↑"], "Through the sources of a lookup"],
  [["Home", "End"], "To the first or last source"],
  [["Esc"], "Close what is open"],
  [["c"], "Copy the indicator of a lookup, defanged"],
  [["?"], "This help"],
];

export function KeyboardHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Modal open={open} onClose={onClose} title="Keyboard">
      <dl className={styles["keys"]}>
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
