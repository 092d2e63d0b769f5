import { message } from '../words/message.ts';
import { serverOperation } from './descriptor.ts';
import { actionMethods } from './http-request.ts';

/** Starts the whole machine anew, once nothing works on it any more; ends well when everything that ran before is back. */
export const rebootServer = serverOperation({
  kind: 'server.reboot',
  command: 'RebootServer',
  http: {
    path: '/servers/{id}/reboot_server',
    methods: actionMethods,
    summary:
      'Reboots the server; ends well when it has another boot id and Docker, database, proxy and every client that ran before are back',
  },
  title: { en: 'Reboot of the server', ru: 'Перезагрузка сервера' },
  steps: {
    drain: { en: 'Operations on the server finished', ru: 'Завершение операций на сервере' },
    record: { en: 'Boot id and running clients recorded', ru: 'Запись boot id и работающих клиентов' },
    reboot: { en: 'Reboot', ru: 'Перезагрузка' },
    machine: { en: 'Machine back', ru: 'Возвращение машины' },
    docker: { en: 'Docker Engine back', ru: 'Возвращение Docker Engine' },
    database: { en: 'Database server back', ru: 'Возвращение сервера баз данных' },
    proxy: { en: 'Proxy server back', ru: 'Возвращение прокси-сервера' },
    clients: { en: 'Clients back', ru: 'Возвращение клиентов' },
  },
  retry: {
    instead: message`An operation ${'server.reboot'} can not be repeated: send its request again`,
  },
});
