import { catalogue } from '../words/language.ts';

/** What is said of an operation wherever it is shown. */
export const operationWords = catalogue({
  en: {
    statuses: {
      accepted: 'Accepted',
      running: 'Running',
      cancelling: 'Being cancelled',
      ok: 'Done',
      error: 'Failed',
      cancelled: 'Cancelled',
    },
  },
  ru: {
    statuses: {
      accepted: 'Принята',
      running: 'Выполняется',
      cancelling: 'Отменяется',
      ok: 'Выполнена',
      error: 'Ошибка',
      cancelled: 'Отменена',
    },
  },
});

/** How good the status of an operation is. */
export const operationTone = {
  accepted: 'busy',
  running: 'busy',
  cancelling: 'busy',
  ok: 'good',
  error: 'bad',
  cancelled: 'idle',
} as const;
