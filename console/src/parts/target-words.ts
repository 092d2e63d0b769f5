import { catalogue } from '../words/language.ts';

export const targetWords = catalogue({
  en: { gone: { client: 'deleted client', server: 'removed server' } },
  ru: { gone: { client: 'удалённый клиент', server: 'удалённый сервер' } },
});
