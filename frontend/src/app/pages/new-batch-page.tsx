import { useNavigate } from "@tanstack/react-router";
import { useMay } from "../../api/auth.ts";
import { paths } from "../../api/paths.ts";
import { Notice } from "../../components/notice.tsx";
import { HeadedPage } from "../../components/page.tsx";
import { NewBatch } from "../../features/batches/new-batch.tsx";
import { useLookupOptions } from "../../features/requests/box/lookup-options.ts";
import { OptionsPopover } from "../../features/requests/box/options-popover.tsx";
import { useExtractText } from "../../features/requests/extract/extract-text.ts";

export function NewBatchPage() {
  const navigate = useNavigate();
  const mayRun = useMay("requests:run");
  const text = useExtractText();
  const { options } = useLookupOptions();
  const { sourceIds, ...rest } = options;
  return (
    <HeadedPage title="New batch" about="Every indicator in a text, a list or a file is looked up once.">
      {mayRun ? (
        <NewBatch
          initialText={text}
          options={{ ...rest, ...(sourceIds && { sourceIds: [...sourceIds] }) }}
          optionsControl={<OptionsPopover kind={null} />}
          onMade={({ id }) => void navigate({ to: paths.batch, params: { id } })}
        />
      ) : (
        <Notice tone="info" title="You may not look anything up">
          <p>Analysts may. Ask an administrator for this role.</p>
        </Notice>
      )}
    </HeadedPage>
  );
}
