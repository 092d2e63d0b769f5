import { onScopeDispose, ref } from 'vue';
import { send, type Parameters } from '../../api/alfa.ts';
import type { HistoryEntryResource } from '../../api/resources.ts';
import { toCsv } from './table.ts';
import { words } from './words.ts';

export type ExportForm = 'csv' | 'json';

const pageSize = 100;
/** Of one file; what is more is told. */
const entriesMax = 10_000;

type Entry = Record<string, string | number | null>;

const entryOf = (entry: HistoryEntryResource): Entry => {
  const { target } = entry;
  return {
    at: entry.at,
    actor: entry.actor,
    kind: entry.kind,
    summary: entry.summary,
    reason: entry.reason,
    status: entry.status ?? null,
    durationMs: entry.durationMs ?? null,
    target: target === null ? null : `${target.type}/${target.id}`,
    operation: entry.operation?.id ?? null,
    correlationId: entry.correlationId,
  };
};

const save = (text: string, form: ExportForm) => {
  const type = form === 'csv' ? 'text/csv;charset=utf-8' : 'application/json';
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `history-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${form}`;
  link.click();
  URL.revokeObjectURL(address);
};

/** Writes all that a filter matches into a file, page by page; what comes meanwhile is left out. */
export const useExport = () => {
  const told = ref('');
  const isBusy = ref(false);
  const error = ref<unknown>(null);
  const leaving = new AbortController();
  onScopeDispose(() => leaving.abort());

  const read = async (path: string, parameters: Parameters) => {
    const entries = new Map<string, Entry>();
    for (let page = 1; ; page += 1) {
      const { data, meta } = await send<HistoryEntryResource[]>('GET', path, {
        parameters: { ...parameters, 'page[number]': page, 'page[size]': pageSize },
        signal: leaving.signal,
      });
      for (const one of data) if (entries.size < entriesMax) entries.set(one.id, entryOf(one));
      const total = Number(meta['total'] ?? 0);
      told.value = words.value.exporting(entries.size, total);
      if (data.length < pageSize || entries.size >= entriesMax)
        return { entries: [...entries.values()], total };
    }
  };

  const exportAll = async (path: string, parameters: Parameters, form: ExportForm) => {
    isBusy.value = true;
    error.value = null;
    // A page that grows while it is read would push entries onto the next one.
    const to = parameters['filter[to]'] ?? new Date().toISOString();
    try {
      const { entries, total } = await read(path, { ...parameters, 'filter[to]': to });
      const names = Object.keys(words.value.names) as (keyof typeof words.value.names)[];
      save(
        form === 'json'
          ? `${JSON.stringify(entries, null, 2)}\n`
          : toCsv(
              names.map((name) => words.value.names[name]),
              entries.map((entry) => names.map((name) => entry[name] ?? null)),
            ),
        form,
      );
      told.value =
        entries.length < total
          ? words.value.cut(entries.length, total)
          : words.value.exported(entries.length);
    } catch (failure) {
      told.value = '';
      if (!leaving.signal.aborted) error.value = failure;
    } finally {
      isBusy.value = false;
    }
  };

  return { exportAll, told, isBusy, error };
};
