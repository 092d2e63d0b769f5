import { catalogue, russianPlural } from '../../../words/language.ts';

export const backupWords = catalogue({
  en: {
    title: 'Backups',
    none: 'There is no backup yet.',
    kinds: {
      manual: 'by hand',
      scheduled: 'by schedule',
      migration: 'before the update of the database',
      restore: 'before a restoration',
      move: 'before a move was taken back',
      final: 'before the deletion',
    },
    columns: { at: 'Made', kind: 'Why', size: 'Size', image: 'Image', keep: 'Kept until', act: 'Action' },
    restore: 'Restore',
    restoreFrom: (moment: string) => `Restore the backup of ${moment}`,
    tables: (count: number) => (count === 1 ? '1 table' : `${count} tables`),
    files: (count: number) => (count === 1 ? '1 file' : `${count} files`),
    databaseOnly: 'database alone',
    warnings: (count: number) =>
      count === 1 ? '1 part of the database does not work' : `${count} parts of the database do not work`,
    removed: 'Show removed ones too',
    removedAt: (day: string) => `removed ${day}`,
  },
  ru: {
    title: 'Резервные копии',
    none: 'Резервных копий пока нет.',
    kinds: {
      manual: 'вручную',
      scheduled: 'по расписанию',
      migration: 'перед обновлением базы',
      restore: 'перед восстановлением',
      move: 'перед отменой переезда',
      final: 'перед удалением',
    },
    columns: {
      at: 'Сделана',
      kind: 'Зачем',
      size: 'Размер',
      image: 'Образ',
      keep: 'Хранится до',
      act: 'Действие',
    },
    restore: 'Восстановить',
    restoreFrom: (moment: string) => `Восстановить копию от ${moment}`,
    tables: (count: number) => `${count} ${russianPlural(count, 'таблица', 'таблицы', 'таблиц')}`,
    files: (count: number) => `${count} ${russianPlural(count, 'файл', 'файла', 'файлов')}`,
    databaseOnly: 'только база',
    warnings: (count: number) => `Не работает в базе: ${count}`,
    removed: 'Показать и удалённые',
    removedAt: (day: string) => `удалена ${day}`,
  },
});
