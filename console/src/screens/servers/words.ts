import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    title: 'Servers',
    register: 'Register a server',
    none: 'No server is registered yet.',
    inactive: 'Also those that take no new clients',
    names: {
      name: 'Server',
      state: 'State',
      role: 'Role',
      places: 'Places taken',
      attention: 'What needs attention',
    },
    places: (count: number, all: number) => `${count} of ${all}`,
    held: (count: number) => `${count} kept for a way back`,
    well: 'Nothing',
  },
  ru: {
    title: 'Серверы',
    register: 'Зарегистрировать сервер',
    none: 'Ни одного сервера пока нет.',
    inactive: 'Также те, что не принимают новых клиентов',
    names: {
      name: 'Сервер',
      state: 'Состояние',
      role: 'Роль',
      places: 'Занято мест',
      attention: 'Требует внимания',
    },
    places: (count: number, all: number) => `${count} из ${all}`,
    held: (count: number) => `хранится для отмены переезда: ${count}`,
    well: 'Ничего',
  },
});
