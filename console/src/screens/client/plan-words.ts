import { catalogue, russianPlural } from '../../words/language.ts';

export const planWords = catalogue({
  en: {
    database: 'Database',
    storage: 'Files',
    files: (count: number) => (count === 1 ? '1 file' : `${count.toLocaleString('en')} files`),
    expected: 'Expected time',
    closed: 'Of it behind the maintenance page',
    measured: 'The time follows from the last move between these servers.',
    assumed: 'The time is an assumption: nothing was moved between these servers yet.',
    obstacles: 'What speaks against it',
    obstaclesOf: (slug: string) => `What speaks against ${slug}`,
    notKnown: 'not known',
    copy: 'Slug of the copy',
    replaces: (moment: string) => `It replaces the copy of ${moment}:`,
  },
  ru: {
    database: 'База данных',
    storage: 'Файлы',
    files: (count: number) =>
      `${count.toLocaleString('ru')} ${russianPlural(count, 'файл', 'файла', 'файлов')}`,
    expected: 'Займёт примерно',
    closed: 'Из них на странице обслуживания',
    measured: 'Время рассчитано по последнему переезду между этими серверами.',
    assumed: 'Время предположительное: между этими серверами ещё никто не переезжал.',
    obstacles: 'Что мешает',
    obstaclesOf: (slug: string) => `Что мешает: ${slug}`,
    notKnown: 'неизвестно',
    copy: 'Имя копии в адресе',
    replaces: (moment: string) => `Будет заменена копия от ${moment}:`,
  },
});
