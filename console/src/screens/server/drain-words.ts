import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    obstacles: 'Speaks against it',
    moves: (count: number) => (count === 0 ? 'No client has to move' : `Would move: ${count}`),
    stay: (count: number) => `Would stay: ${count}`,
    more: (count: number) => `and ${count} more`,
  },
  ru: {
    obstacles: 'Препятствия',
    moves: (count: number) => (count === 0 ? 'Переселять некого' : `Переедут: ${count}`),
    stay: (count: number) => `Останутся: ${count}`,
    more: (count: number) => `и ещё ${count}`,
  },
});
