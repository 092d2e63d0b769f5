import type { AlertCode } from '../events/alerts.ts';
import type { Language, Words } from '../words/words.ts';

/** What each alert is called. */
const alertTitles: { readonly [Code in AlertCode]: Words } = {
  unreachable: { en: 'Server does not answer', ru: 'Сервер не отвечает' },
  clients_down: { en: 'Several clients do not answer', ru: 'Не отвечают сразу несколько клиентов' },
  disk: { en: 'Disk almost full', ru: 'Диск почти заполнен' },
  inodes: { en: 'Disk almost without inodes', ru: 'На диске почти не осталось inode' },
  memory: { en: 'Memory almost used up', ru: 'Память почти исчерпана' },
  clock: { en: 'Clock is wrong', ru: 'Часы идут неверно' },
  all_unreachable: {
    en: 'No server answers: look at Alfa Cloud itself and its network',
    ru: 'Не отвечает ни один сервер: проверьте саму Alfa Cloud и её сеть',
  },
};

/** By its code where it has no title: while the system is updated, a newer version may raise alerts that this one does not know. */
export const alertTitle = (code: string, language: Language): string => {
  const titles: Partial<Record<string, Words>> = alertTitles;
  return titles[code]?.[language] ?? code;
};
