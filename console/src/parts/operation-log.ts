import { ref, toValue, type MaybeRefOrGetter, type Ref } from 'vue';
import type { LogEntry, OperationTransfer } from '@alfa-cloud/contracts';
import type { StreamEvent } from '../api/event-stream.ts';
import { entryLines } from './entry-lines.ts';
import { useLogLines } from './log-lines.ts';

/** The log of an operation, live, and how far a transfer of it is; see {@link useLogLines}. */
export const useOperationLog = (id: MaybeRefOrGetter<string | null>) => {
  const transfer: Ref<OperationTransfer | null> = ref(null);
  const path = () => {
    const of = toValue(id);
    return of === null ? null : `/operations/${of}/log`;
  };
  const linesOf = ({ name, data }: StreamEvent) => {
    if (name === 'transfer') transfer.value = data as OperationTransfer;
    if (name === 'end') transfer.value = null;
    return name === 'entry' ? entryLines(data as LogEntry) : [];
  };
  return { ...useLogLines(path, linesOf), transfer };
};
