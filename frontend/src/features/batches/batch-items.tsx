import {
  type Batch,
  type BatchItem,
  type BatchItemFilter,
  BatchItemState,
  IndicatorKind,
  isBatchOver,
  VerdictWord,
} from "@assay/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { batchItemsQuery } from "../../api/batches.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import filters from "../../components/filters.module.css";
import { IndicatorRow } from "../../components/indicator-row.tsx";
import { KindField } from "../../components/kind-field.tsx";
import { markWords } from "../../components/mark.tsx";
import { RowList, rowsOf } from "../../components/row-list.tsx";
import { SelectField } from "../../components/select-field.tsx";
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
  const kinds = IndicatorKind.options.filter((kind) => batch.kinds[kind] !== undefined);
  return (
    <section className={styles["section"]} aria-label="Indicators">
      <div className={filters["filters"]}>
        <SelectField
          label="Verdict"
          none="Any"
          options={VerdictWord.options}
          words={markWords}
          value={filter.verdict}
          onChoose={(verdict) => onFilter({ ...filter, verdict })}
        />
        <SelectField
          label="State"
          none="Any"
          options={BatchItemState.options}
          words={stateWords}
          value={filter.state}
          onChoose={(state) => onFilter({ ...filter, state })}
        />
        <KindField kinds={kinds} value={filter.kind} onChoose={(kind) => onFilter({ ...filter, kind })} />
      </div>
      <RowList
        noun="indicators of the batch"
        query={query}
        rows={rowsOf(query)}
        loadingCount={8}
        empty={
          <EmptyState title="None of them">
            <p>No indicator of this batch fits, so far. Choose less.</p>
          </EmptyState>
        }
      >
        {(item) => (
          <ItemRow key={item.position} item={item} isUnderWay={!isBatchOver(batch) && batch.status !== "ready"} />
        )}
      </RowList>
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
