import { catalogue } from '../../words/language.ts';

export const causeWords = catalogue({
  en: {
    open: 'Causes and effects',
    title: 'Causes and effects',
    lead: 'From the request to all that came of it, as the events have it.',
    request: 'Request',
    command: 'Command',
    partOf: 'Part of an operation over many clients',
    operation: 'Operation',
    steps: 'Steps',
    events: 'Events',
    mails: 'Mails',
    last: (shown: number, total: number) => `The last ${shown} of ${total} are shown.`,
  },
  ru: {
    open: 'Причины и следствия',
    title: 'Причины и следствия',
    lead: 'От запроса до всего, что из него вышло, по записанным событиям.',
    request: 'Запрос',
    command: 'Команда',
    partOf: 'Часть операции над многими клиентами',
    operation: 'Операция',
    steps: 'Шаги',
    events: 'События',
    mails: 'Письма',
    last: (shown: number, total: number) => `Показаны последние ${shown} из ${total}.`,
  },
});
