import { catalogue } from '../../../words/language.ts';

export const logTabWords = catalogue({
  en: {
    pause: 'Pause',
    goOn: 'Go on',
    waiting: (count: number) => (count === 1 ? 'Paused; 1 new line' : `Paused; ${count} new lines`),
  },
  ru: {
    pause: 'Приостановить',
    goOn: 'Продолжить',
    waiting: (count: number) => `Приостановлено; новых строк: ${count}`,
  },
});
