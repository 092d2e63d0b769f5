import type { LogEvent } from '@alfa-cloud/client';
import type { LogEntry, OperationTransfer } from '@alfa-cloud/contracts';
import { ref, type MaybeRefOrGetter, type Ref } from 'vue';
import { entryLines } from './entry-lines.ts';
import { useLogLines } from './log-lines.ts';

/** The log of an operation, live, and how far a transfer of it is; see {@link useLogLines}. */
export const useOperationLog = (id: MaybeRefOrGetter<string | null>) => {
  const transfer: Ref<OperationTransfer | null> = ref(null);
  const linesOf = (event: LogEvent) => {
    if (event.name === 'transfer') transfer.value = event.transfer as unknown as OperationTransfer;
    if (event.name === 'end') transfer.value = null;
    return event.name === 'entry' ? entryLines(event.entry as LogEntry) : [];
  };
  const log = useLogLines(id, (client, of, from) => client.followLog(of, from), linesOf);
  return { ...log, transfer };
};
