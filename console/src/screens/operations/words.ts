import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    title: 'Operations',
    status: 'State',
    kind: 'Kind',
    about: 'About',
    only: 'Only those of',
    showAll: 'Show all',
    none: 'There was no operation yet.',
    names: {
      title: 'Operation',
      status: 'State',
      about: 'About',
      actor: 'By',
      acceptedAt: 'Begun',
      duration: 'Duration',
    },
    many: 'many clients',
    progress: (done: number, total: number) => `${done} of ${total} clients`,
    failed: (count: number) => `${count} failed`,
  },
  ru: {
    title: 'Операции',
    status: 'Состояние',
    kind: 'Вид',
    about: 'Объект',
    only: 'Только',
    showAll: 'Показать все',
    none: 'Операций ещё не было.',
    names: {
      title: 'Операция',
      status: 'Состояние',
      about: 'Объект',
      actor: 'Кто',
      acceptedAt: 'Начата',
      duration: 'Длительность',
    },
    many: 'много клиентов',
    progress: (done: number, total: number) => `клиентов: ${done} из ${total}`,
    failed: (count: number) => `с ошибкой: ${count}`,
  },
});
