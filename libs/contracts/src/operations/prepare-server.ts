import { serverOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Checks a server and makes on it what clients need; a ready server stays ready meanwhile. Also begun by RegisterServer and ChangeServer. */
export const prepareServer = serverOperation({
  kind: 'server.prepare',
  command: 'PrepareServer',
  http: {
    path: '/servers/{id}/prepare',
    methods: actionMethods,
    summary: 'Prepares the server again; a ready one serves its clients and takes new ones meanwhile',
  },
  title: { en: 'Preparation of the server', ru: 'Подготовка сервера' },
  steps: {
    'host-key': { en: 'Connection and host key', ru: 'Подключение и ключ хоста' },
    reachable: { en: 'Docker Engine reachable', ru: 'Доступность Docker Engine' },
    'docker-version': { en: 'Version of the Docker Engine', ru: 'Версия Docker Engine' },
    disk: { en: 'Free disk space', ru: 'Свободное место на диске' },
    clock: { en: 'Clock of the server', ru: 'Часы сервера' },
    'engine-free': { en: 'Engine free of other installations', ru: 'Нет чужих установок' },
    network: { en: 'Network', ru: 'Сеть' },
    database: { en: 'Database server', ru: 'Сервер баз данных' },
    proxy: { en: 'Proxy server', ru: 'Прокси-сервер' },
  },
  retry: 'same parameters',
});
