import styles from "./skeleton.module.css";

/** The place of something that is being loaded; give it the size of what will stand there. */
export function Skeleton({ width = "100%", height = "1em" }: { readonly width?: string; readonly height?: string }) {
  return <span className={styles["bone"]} style={{ width, height }} aria-hidden="true" />;
}

/** Rows of a list that is being loaded. */
export function SkeletonRows({ count, label }: { readonly count: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className={styles["row"]}>
          <Skeleton width="16px" height="16px" />
          <Skeleton width={`${30 + ((row * 17) % 30)}%`} height="12px" />
          <Skeleton width="64px" height="12px" />
        </div>
      ))}
    </div>
  );
}
