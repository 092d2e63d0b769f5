import { Type } from 'typebox';
import { message } from '../words/message.ts';
import { Id } from '../values/primitives.ts';
import { bulkOperation } from './bulk-operation.ts';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';

/** The move or the undoing that what is held comes from, as its sender has seen it: a later one is not meant. */
const moveId = Id;

/** Hours for which the former server keeps what the client had there. Default: as configured (`ALFA_MOVE_HOLD_H`). */
const HoldHours = Type.Integer({ minimum: 0, maximum: 720 });

/**
 * Brings the client with all that is its own to another server. Until `repoint` a failure takes back what was done, and the client serves where it
 * was; from there on it lives on the new server, and the former one keeps what it had, stopped, for a time. It is asked for by the request
 * of {@link moveClients} with one client.
 */
export const moveClient = clientOperation({
  kind: 'client.move',
  command: 'MoveClient',
  parameters: { targetServer: Id, holdHours: Type.Optional(HoldHours) },
  http: null,
  title: { en: 'Move to another server', ru: 'Переезд на другой сервер' },
  steps: {
    ...common('page', 'open', 'settings', 'reachable'),
    check: { en: 'Checks of both servers', ru: 'Проверка обоих серверов' },
    image: { en: 'Image on the new server', ru: 'Образ на новом сервере' },
    reserve: { en: 'Place on the new server', ru: 'Место на новом сервере' },
    target: {
      en: 'Files, network, volume and database on the new server',
      ru: 'Файлы, сеть, том и база на новом сервере',
    },
    storage: { en: 'Storage, while the client works', ru: 'Хранилище, пока клиент работает' },
    stop: { en: 'Stop of the container', ru: 'Остановка контейнера' },
    storage_rest: { en: 'Rest of the storage', ru: 'Остаток хранилища' },
    database: { en: 'Database', ru: 'База данных' },
    verify: { en: 'Comparison of both servers', ru: 'Сверка обоих серверов' },
    start: { en: 'Container on the new server', ru: 'Контейнер на новом сервере' },
    vhost: { en: 'Virtual host on the new server', ru: 'Виртуальный хост на новом сервере' },
    repoint: { en: 'Client recorded on the new server', ru: 'Запись клиента на новом сервере' },
    forward: { en: 'Old address leads to the new one', ru: 'Старый адрес ведёт на новый' },
  },
  meanwhile: { page: 'its own', container: 'stops' },
  retry: 'same parameters',
});

/** The same for many clients, all to one server. */
export const moveClients = bulkOperation(moveClient, {
  command: 'MoveClients',
  parameters: ['targetServer', 'holdHours'],
  http: {
    path: '/clients/move_to',
    summary:
      'Moves clients to another server: those of clientId (one, or several with commas between), or all of serverId',
    own: true,
  },
  title: { en: 'Move of many clients to another server', ru: 'Переезд многих клиентов на другой сервер' },
});

/** Brings the client back to its former server as it was there, while that still has it. */
export const undoMove = clientOperation({
  kind: 'client.undo_move',
  command: 'UndoMove',
  parameters: { moveId },
  http: {
    path: '/operations/{id}/undo',
    methods: ['POST'],
    summary:
      'Takes a move back while the former server still has the client: it serves there again as it was; what was entered since is kept in a backup, and the result tells it',
    own: true,
  },
  title: { en: 'Undoing of the move', ru: 'Отмена переезда' },
  steps: {
    ...common('page', 'settings', 'healthy', 'open', 'reachable'),
    check: { en: 'Checks of both servers', ru: 'Проверка обоих серверов' },
    stop: { en: 'Stop of the container', ru: 'Остановка контейнера' },
    backup: { en: 'Backup of what is there now', ru: 'Резервная копия того, что есть сейчас' },
    compare: { en: 'What was entered since the move', ru: 'Что внесено после переезда' },
    start: { en: 'Container on the former server', ru: 'Контейнер на прежнем сервере' },
    vhost: { en: 'Virtual host on the former server', ru: 'Виртуальный хост на прежнем сервере' },
    repoint: { en: 'Client recorded on the former server', ru: 'Запись клиента на прежнем сервере' },
    forward: { en: 'Address that is left leads back', ru: 'Оставленный адрес ведёт обратно' },
  },
  meanwhile: { page: 'its own', container: 'stops' },
  retry: 'same parameters',
});

/** Removes what the server that the client has left keeps of it. It begins by itself when the time of holding is over. */
export const releaseMove = clientOperation({
  kind: 'client.release_move',
  command: 'ReleaseMove',
  parameters: { moveId },
  http: {
    path: '/operations/{id}/release',
    methods: ['POST'],
    summary:
      'Ends the holding of a move at once: what the former server keeps of the client is removed, and the move can not be taken back any more',
    own: true,
  },
  title: { en: 'Removal from the former server', ru: 'Удаление с прежнего сервера' },
  steps: {
    ...common('containers', 'volume', 'database', 'check'),
    vhost: { en: 'Configuration files and virtual host', ru: 'Файлы настроек и виртуальный хост' },
  },
  retry: {
    instead: message`What is left on the former server is removed by itself, again and again until it is gone`,
  },
});
