import { catalogue } from '../../words/language.ts';

/** What is said of a server wherever it is shown. */
export const serverWords = catalogue({
  en: {
    states: {
      preparing: 'Being prepared',
      unreachable: 'Not reachable',
      draining: 'Being emptied',
      inactive: 'Takes no new clients',
      degraded: 'Needs attention',
      ready: 'Ready',
    },
    roles: { production: 'Production', stage: 'Stage (copies)', build: 'Builds' },
  },
  ru: {
    states: {
      preparing: 'Готовится',
      unreachable: 'Недоступен',
      draining: 'Освобождается',
      inactive: 'Не принимает клиентов',
      degraded: 'Требует внимания',
      ready: 'Готов',
    },
    roles: { production: 'Рабочий', stage: 'Тестовый (для копий)', build: 'Для сборок' },
  },
});

/** How good the state of a server is. */
export const serverTone = {
  preparing: 'busy',
  unreachable: 'bad',
  draining: 'warn',
  inactive: 'idle',
  degraded: 'warn',
  ready: 'good',
} as const;
