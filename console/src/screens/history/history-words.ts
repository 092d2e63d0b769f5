import { catalogue } from '../../words/language.ts';

export const historyWords = catalogue({
  en: {
    title: 'History',
    actor: 'Who (login)',
    from: 'From',
    to: 'To',
    everyEvent: 'Every event by itself',
    columns: { at: 'When', summary: 'What', actor: 'Who', end: 'End' },
  },
  ru: {
    title: 'История',
    actor: 'Кто (логин)',
    from: 'С',
    to: 'По',
    everyEvent: 'Каждое событие отдельно',
    columns: { at: 'Когда', summary: 'Что', actor: 'Кто', end: 'Итог' },
  },
});
