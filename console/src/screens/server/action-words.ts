import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    prepare: {
      name: 'Prepare again',
      does: 'Checks everything that Alfa Cloud has put on the server and puts right what differs. Clients are served meanwhile.',
      risk: 'Where the proxy or the database has to be made anew, no client can be reached for some seconds.',
    },
    reboot: {
      name: 'Reboot',
      does: 'Waits for the operations that run there, reboots the machine, and ends well only when everything that ran before is back.',
      risk: 'No client on it can be reached until it is back.',
    },
    drain: {
      name: 'Empty the server',
      does: 'Moves all of its clients to other servers, and lets none come until that is ended. Each shows its maintenance page while its data are brought over.',
      canary: 'First ones, one at a time',
      waveSize: 'At the same time afterwards',
      stopAfter: 'Stop after so many failures',
    },
    cleanup: {
      name: 'Clean up images',
      does: 'Removes images of builds that nobody needs any more, and what interrupted builds have left.',
    },
    endDrain: {
      name: 'Take clients again',
      does: 'Ends the emptying: clients may come to the server again.',
    },
    change: {
      name: 'Change',
      does: 'Changes what stands below. Clients are not interrupted.',
      serverName: 'Name',
      capacity: 'Places for clients',
      active: 'Takes new clients',
      uploadMb: 'Largest file of a request, MiB',
      requestTimeoutS: 'Wait for the application, seconds',
    },
    connect: {
      name: 'Change the connection',
      does: 'Checks the new connection first; what is refused changes nothing.',
      host: 'Host',
      port: 'Port',
      username: 'User',
      privateKey: 'Private key',
      privateKeyHint: 'Empty: the key of before',
      passphrase: 'Its passphrase',
      hostKey: 'Host key or its fingerprint',
      hostKeyHint: 'Empty: that of before as long as host and port stay',
    },
    place: {
      name: 'Change role, domain and ports',
      does: 'Possible while no client lives there. The server is prepared again.',
      role: 'Role',
      domain: 'Domain of the clients',
      httpPort: 'Port for HTTP',
      httpsPort: 'Port for HTTPS',
    },
    accept: {
      name: 'Accept this host key',
      does: (fingerprint: string) =>
        `Trusts ${fingerprint} from now on. Compare it on the machine itself first: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`,
      risk: 'If somebody else answers in the place of the server, he would get everything that is sent to it.',
    },
    remove: {
      name: 'Remove',
      does: 'Alfa Cloud forgets the server. What stands on it (containers, volumes, backups) is left there.',
      risk: 'Nobody removes that later, and the secrets of the server can never be read again.',
    },
  },
  ru: {
    prepare: {
      name: 'Подготовить заново',
      does: 'Проверяет всё, что Alfa Cloud держит на сервере, и исправляет отличия. Клиенты при этом работают.',
      risk: 'Если придётся пересоздать прокси или базу данных, клиенты несколько секунд будут недоступны.',
    },
    reboot: {
      name: 'Перезагрузить',
      does: 'Дожидается операций на сервере, перезагружает машину и завершается успешно, только когда вернулось всё, что работало.',
      risk: 'До возвращения ни один клиент на нём не будет доступен.',
    },
    drain: {
      name: 'Освободить сервер',
      does: 'Переселяет всех клиентов на другие серверы и не пускает новых, пока это не отменят. Пока переносятся данные, клиент показывает страницу обслуживания.',
      canary: 'Сначала по одному',
      waveSize: 'Затем одновременно',
      stopAfter: 'Остановиться после ошибок',
    },
    cleanup: {
      name: 'Убрать лишние образы',
      does: 'Удаляет образы сборок, которые больше никому не нужны, и остатки прерванных сборок.',
    },
    endDrain: {
      name: 'Снова принимать клиентов',
      does: 'Прекращает освобождение: клиенты снова могут приходить на сервер.',
    },
    change: {
      name: 'Изменить',
      does: 'Меняет то, что ниже. Работа клиентов не прерывается.',
      serverName: 'Название',
      capacity: 'Мест для клиентов',
      active: 'Принимает новых клиентов',
      uploadMb: 'Наибольший файл в запросе, МиБ',
      requestTimeoutS: 'Ждать приложение, секунд',
    },
    connect: {
      name: 'Изменить подключение',
      does: 'Сначала новое подключение проверяется; если его отвергнут, ничего не изменится.',
      host: 'Хост',
      port: 'Порт',
      username: 'Пользователь',
      privateKey: 'Закрытый ключ',
      privateKeyHint: 'Пусто: прежний ключ',
      passphrase: 'Пароль ключа',
      hostKey: 'Ключ хоста или его отпечаток',
      hostKeyHint: 'Пусто: прежний, пока хост и порт те же',
    },
    place: {
      name: 'Изменить роль, домен и порты',
      does: 'Возможно, пока на сервере нет клиентов. Сервер будет подготовлен заново.',
      role: 'Роль',
      domain: 'Домен клиентов',
      httpPort: 'Порт HTTP',
      httpsPort: 'Порт HTTPS',
    },
    accept: {
      name: 'Принять этот ключ хоста',
      does: (fingerprint: string) =>
        `Доверять отпечатку ${fingerprint}. Сначала сверьте его на самой машине: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`,
      risk: 'Если вместо сервера отвечает кто-то другой, он получит всё, что туда отправляется.',
    },
    remove: {
      name: 'Удалить',
      does: 'Alfa Cloud забудет сервер. Всё, что на нём есть (контейнеры, тома, резервные копии), там и останется.',
      risk: 'Потом это никто не уберёт, а секреты сервера уже нельзя будет прочитать.',
    },
  },
});
