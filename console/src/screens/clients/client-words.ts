import { catalogue, russianPlural } from '../../words/language.ts';

/** What is said of a client wherever it is shown. */
export const clientWords = catalogue({
  en: {
    states: {
      failed: 'Creation failed',
      creating: 'Being created',
      maintenance: 'Maintenance',
      expired: 'Expired',
      down: 'Does not answer',
      unknown: 'Not known',
      ok: 'Works',
    },
    expiresIn: (days: number) =>
      days < 0
        ? `${-days} d ago`
        : days === 0
          ? 'last day today'
          : days === 1
            ? 'in 1 day'
            : `in ${days} days`,
  },
  ru: {
    states: {
      failed: 'Не создан',
      creating: 'Создаётся',
      maintenance: 'Обслуживание',
      expired: 'Срок истёк',
      down: 'Не отвечает',
      unknown: 'Неизвестно',
      ok: 'Работает',
    },
    expiresIn: (days: number) =>
      days < 0
        ? `${-days} дн. назад`
        : days === 0
          ? 'последний день'
          : `через ${days} ${russianPlural(days, 'день', 'дня', 'дней')}`,
  },
});
