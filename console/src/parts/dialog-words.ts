import { catalogue } from '../words/language.ts';

export const dialogWords = catalogue({
  en: {
    type: (text: string) => `Type ${text} to confirm`,
    fillIn: 'Fill in what is marked first.',
    optional: 'optional',
    choose: 'Choose…',
    other: 'Another…',
    planning: 'Looking at what would happen…',
    planAgain: 'Look again',
    blocked: 'This can’t be done as long as something speaks against it.',
    sending: 'Sending…',
    showRunning: 'Show the running operation',
    make: 'Make one',
    show: 'Show it',
    hide: 'Hide it',
  },
  ru: {
    type: (text: string) => `Для подтверждения введите ${text}`,
    fillIn: 'Сначала заполните обязательные поля.',
    optional: 'необязательно',
    choose: 'Выберите…',
    other: 'Другой…',
    planning: 'Смотрим, что произойдёт…',
    planAgain: 'Проверить ещё раз',
    blocked: 'Пока есть препятствия, это сделать нельзя.',
    sending: 'Отправляется…',
    showRunning: 'Показать текущую операцию',
    make: 'Придумать',
    show: 'Показать',
    hide: 'Скрыть',
  },
});
