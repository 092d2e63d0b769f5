import { catalogue } from '../words/language.ts';

export const dialogWords = catalogue({
  en: {
    type: (text: string) => `Type ${text} to confirm`,
    optional: 'optional',
    choose: 'Choose…',
    other: 'Another…',
    planning: 'Looking at what would happen…',
    planAgain: 'Look again',
    blocked: 'As things are, this can’t be done.',
    sending: 'Sending…',
    showRunning: 'Show the running operation',
    make: 'Make one',
    show: 'Show it',
    hide: 'Hide it',
  },
  ru: {
    type: (text: string) => `Для подтверждения введите ${text}`,
    optional: 'необязательно',
    choose: 'Выберите…',
    other: 'Другой…',
    planning: 'Смотрим, что произойдёт…',
    planAgain: 'Проверить ещё раз',
    blocked: 'Сейчас это сделать нельзя.',
    sending: 'Отправляется…',
    showRunning: 'Показать текущую операцию',
    make: 'Придумать',
    show: 'Показать',
    hide: 'Скрыть',
  },
});
