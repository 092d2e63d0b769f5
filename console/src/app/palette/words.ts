import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    open: 'Go to…',
    title: 'Go to',
    lead: 'A client, a server, an operation or a section',
    groups: {
      sections: 'Sections',
      clients: 'Clients',
      servers: 'Servers',
      operations: 'Operations',
      actions: 'Actions',
    },
    createClient: 'Create a client',
    registerServer: 'Register a server',
    byId: 'Operation with this id',
    none: 'Nothing found',
    keys: '↑ ↓ choose · Enter opens · Esc closes',
  },
  ru: {
    open: 'Перейти…',
    title: 'Перейти',
    lead: 'Клиент, сервер, операция или раздел',
    groups: {
      sections: 'Разделы',
      clients: 'Клиенты',
      servers: 'Серверы',
      operations: 'Операции',
      actions: 'Действия',
    },
    createClient: 'Создать клиента',
    registerServer: 'Зарегистрировать сервер',
    byId: 'Операция с этим id',
    none: 'Ничего не найдено',
    keys: '↑ ↓ выбор · Enter открыть · Esc закрыть',
  },
});
