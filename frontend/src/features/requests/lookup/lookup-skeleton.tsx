import { Skeleton, SkeletonRows } from "../../../components/skeleton.tsx";
import styles from "./lookup-skeleton.module.css";

/** The shape of a lookup that is being loaded. */
export function LookupSkeleton() {
  return (
    <div className={styles["skeleton"]} aria-busy="true">
      <Skeleton width="min(340px, 70%)" height="28px" />
      <Skeleton width="min(480px, 90%)" height="14px" />
      <Skeleton height="176px" />
      <SkeletonRows count={7} label="Loading the lookup" />
    </div>
  );
}
