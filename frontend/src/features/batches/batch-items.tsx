import {
  type Batch,
  type BatchItem,
  type BatchItemFilter,
  BatchItemState,
  IndicatorKind,
  isBatchOver,
  VerdictWord,
} from "@assay/contract";
import { indicatorKindInfo } from "@assay/indicators";
import { useInfiniteQuery } from "@tanstack/react-query";
import { batchItemsQuery } from "../../api/batches.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Field } from "../../components/field.tsx";
import { IndicatorRow } from "../../components/indicator-row.tsx";
import { Select } from "../../components/input.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { markWords } from "../../components/mark.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { itemMark } from "./batch-words.ts";
import styles from "./batch-items.module.css";

interface BatchItemsProps {
  readonly batch: Batch;
  readonly filter: BatchItemFilter;
  readonly onFilter: (filter: BatchItemFilter) => void;
}

const stateWords: Readonly<Record<BatchItemState, string>> = {
  waiting: "Waiting",
  done: "Done",
  failed: "Failed",
  ignored: "Ignored",
};

/** The indicators of a batch, each with what came of it and the way to its lookup. */
export function BatchItems({ batch, filter, onFilter }: BatchItemsProps) {
  const query = useInfiniteQuery(batchItemsQuery(batch.id, filter, !isBatchOver(batch)));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const kinds = IndicatorKind.options.filter((kind) => batch.kinds[kind] !== undefined);
  return (
    <section className={styles["section"]} aria-label="Indicators">
      <div className={styles["filters"]}>
        <Field label="Verdict">
          {(control) => (
            <Select
              {...control}
              value={filter.verdict ?? ""}
              onChange={(event) =>
                onFilter({ ...filter, verdict: VerdictWord.options.find((word) => word === event.target.value) })
              }
            >
              <option value="">Any</option>
              {VerdictWord.options.map((word) => (
                <option key={word} value={word}>
                  {markWords[word]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="State">
          {(control) => (
            <Select
              {...control}
              value={filter.state ?? ""}
              onChange={(event) =>
                onFilter({ ...filter, state: BatchItemState.options.find((word) => word === event.target.value) })
              }
            >
              <option value="">Any</option>
              {BatchItemState.options.map((word) => (
                <option key={word} value={word}>
                  {stateWords[word]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Kind">
          {(control) => (
            <Select
              {...control}
              value={filter.kind ?? ""}
              onChange={(event) => onFilter({ ...filter, kind: kinds.find((kind) => kind === event.target.value) })}
            >
              <option value="">Any</option>
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {indicatorKindInfo(kind).label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {query.isError && query.data === undefined && (
        <ProblemNotice error={query.error} title="Indicators cannot be listed" onRetry={() => void query.refetch()} />
      )}
      <div className={styles["list"]}>
        {query.isPending && <SkeletonRows count={8} label="Loading indicators" />}
        {query.isSuccess && items.length === 0 && (
          <EmptyState title="None of them">
            <p>No indicator of this batch fits, so far. Choose less.</p>
          </EmptyState>
        )}
        <ul aria-label="Indicators of the batch">
          {items.map((item) => (
            <ItemRow key={item.position} item={item} isUnderWay={!isBatchOver(batch) && batch.status !== "ready"} />
          ))}
        </ul>
        <LoadMore query={query} />
      </div>
    </section>
  );
}

function ItemRow({ item, isUnderWay }: { readonly item: BatchItem; readonly isUnderWay: boolean }) {
  const { data, kind, note, requestId, sourcesFailed } = item;
  return (
    <IndicatorRow
      {...itemMark(item, isUnderWay)}
      data={data}
      kind={kind}
      lookupId={requestId}
      note={note ?? (sourcesFailed > 0 ? `${sourcesFailed} of its sources failed` : "")}
      noteTitle={note ?? undefined}
    />
  );
}
