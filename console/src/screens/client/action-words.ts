import { catalogue } from '../../words/language.ts';

/** Each action on a client: its name, what it does, and what is lost or may go wrong. */
export const actionWords = catalogue({
  en: {
    reboot: {
      name: 'Reboot',
      does: 'Restarts the container. Until it answers again, usually within a minute, nobody can work in the client’s cloud.',
    },
    switch: {
      name: 'Switch image',
      does: 'Starts a container of the chosen image beside the present one. Visitors are led to it once it is healthy. If it is not, the present one goes on and nobody notices.',
      image: 'Image',
      imageHint:
        'The database is not changed: run “Update the database” afterwards if the new version needs it.',
      other: 'Name of an image in a registry',
      here: 'On the client’s server',
      elsewhere: 'Elsewhere: will be brought to the server',
    },
    rollback: {
      name: 'Back to the former image',
      does: (image: string) =>
        `Switches to exactly the image from before the last switch, ${image}, without a gap.`,
      risk: 'The database stays as it is, also if it was updated since.',
    },
    migrate: {
      name: 'Update the database',
      does: 'Shows the maintenance page, makes a backup, runs the application’s migrations and takes the page off. If they fail, the backup is put back.',
      withoutBackup: 'Without a backup',
      withoutBackupHint:
        'Only for a database that can’t be backed up: what a failed migration has changed then stays changed.',
    },
    maintain_enable: {
      name: 'Maintenance on',
      does: 'Visitors see the maintenance page in the place of the client’s cloud, until you take it off.',
      message: 'Message on the page',
    },
    maintain_disable: {
      name: 'Maintenance off',
      does: 'Takes the maintenance page off: the client’s cloud can be used again.',
    },
    demo_enable: {
      name: 'Put demo data in',
      does: 'Fills the client’s cloud with the demo data of its application.',
    },
    demo_disable: {
      name: 'Take demo data out',
      does: 'Removes the demo data. What the client has entered itself stays.',
    },
    back_up: {
      name: 'Back up',
      does: 'Makes a backup of database and files and checks that it can be read back. The client works meanwhile.',
    },
    restore: {
      name: 'Restore',
      does: (moment: string) =>
        `Puts database and files back as they were on ${moment}. The client sees the maintenance page meanwhile. A backup of the present state is made first and put back if this fails.`,
      risk: 'What was entered since that backup is then no longer in the client’s cloud.',
      withoutBackup: 'Without a backup of the present state',
      withoutBackupHint: 'Only if it can’t be backed up any more: the present state is then gone for good.',
    },
    owner_password: {
      name: 'Change owner’s password',
      does: 'Gives the laboratory’s owner a new password for the client’s cloud. The old one stops working.',
      password: 'New password',
      hint: 'At least 8 characters. It is not shown again.',
    },
    count_users: { name: 'Count users', does: 'Asks the client’s application how many users it has.' },
    send_success: {
      name: 'Mail the access data',
      does: (email: string) => `Mails address, login and password of the cloud to ${email}.`,
    },
    send_expire: {
      name: 'Mail the end of use',
      does: (email: string) => `Mails to ${email} how many days of use are left and how to extend.`,
    },
    move: {
      name: 'Move to another server',
      does: 'Copies files and database to the other server and starts the client there. Most is copied while the client works; at the end it shows its maintenance page for a while. Until the last step a failure leaves it where it is.',
      server: 'To the server',
      hold: 'Keep on the former server, hours',
      holdHint: 'As long as it is kept there, the move can be taken back. Empty: as configured.',
    },
    copy: {
      name: 'Copy to stage',
      does: 'Makes a copy of the client on a stage server. The client works meanwhile; the copy sends no mails.',
      server: 'Stage server',
      slug: 'Slug of the copy',
      sql: 'SQL that masks personal data',
      sqlHint: 'Run in the copy before anybody can open it.',
      password: 'Owner’s password in a new copy',
      passwordHint: 'Empty: one is made.',
      replace: 'Replace the copy that is there',
      replaceHint: 'What was entered in it is lost. It is backed up first.',
    },
    undo: {
      name: 'Take the move back',
      does: 'Brings the client back to its former server exactly as it was there.',
      risk: 'What was entered since the move is not brought back; it is kept in a backup.',
    },
    release: {
      name: 'Remove from the former server',
      does: 'Removes at once what the former server still keeps of the client.',
      risk: 'After that the move can’t be taken back.',
    },
    delete: {
      name: 'Delete the client',
      does: 'Makes a last backup, which is kept for a time, then removes container, database, files, address and personal data of the client.',
      risk: 'The client’s cloud is gone. What the history holds of its personal data can never be read again.',
      withoutBackup: 'Without a last backup',
      withoutBackupHint: 'Only for a database that is broken: nothing is kept then.',
    },
  },
  ru: {
    reboot: {
      name: 'Перезапустить',
      does: 'Перезапускает контейнер. Пока он не ответит снова (обычно меньше минуты), работать в облаке клиента нельзя.',
    },
    switch: {
      name: 'Сменить образ',
      does: 'Запускает контейнер из выбранного образа рядом с нынешним. Посетителей переключают на него, только когда он исправно отвечает. Если нет, работает прежний, и никто ничего не заметит.',
      image: 'Образ',
      imageHint:
        'База данных не меняется: если новой версии это нужно, потом выполните «Обновить базу данных».',
      other: 'Имя образа в реестре',
      here: 'На сервере клиента',
      elsewhere: 'В другом месте: будет доставлен на сервер',
    },
    rollback: {
      name: 'Вернуть прежний образ',
      does: (image: string) =>
        `Возвращает ровно тот образ, что был до последней смены, ${image}, без перерыва в работе.`,
      risk: 'База данных останется как есть, даже если с тех пор её обновляли.',
    },
    migrate: {
      name: 'Обновить базу данных',
      does: 'Включает страницу обслуживания, делает резервную копию, выполняет миграции приложения и выключает страницу. Если миграции не пройдут, копия вернётся на место.',
      withoutBackup: 'Без резервной копии',
      withoutBackupHint:
        'Только для базы, с которой копию не снять: изменения неудачной миграции тогда останутся.',
    },
    maintain_enable: {
      name: 'Включить обслуживание',
      does: 'Вместо облака клиента посетители видят страницу обслуживания, пока вы её не выключите.',
      message: 'Сообщение на странице',
    },
    maintain_disable: {
      name: 'Выключить обслуживание',
      does: 'Убирает страницу обслуживания: облаком клиента снова можно пользоваться.',
    },
    demo_enable: {
      name: 'Добавить демоданные',
      does: 'Наполняет облако клиента демоданными его приложения.',
    },
    demo_disable: {
      name: 'Убрать демоданные',
      does: 'Удаляет демоданные. То, что клиент внёс сам, остаётся.',
    },
    back_up: {
      name: 'Сделать копию',
      does: 'Делает резервную копию базы и файлов и проверяет, что она читается. Клиент при этом работает.',
    },
    restore: {
      name: 'Восстановить',
      does: (moment: string) =>
        `Возвращает базу и файлы к состоянию на ${moment}. На это время включается страница обслуживания. Сначала делается копия нынешнего состояния; при неудаче она возвращается.`,
      risk: 'Всего, что внесено после этой копии, в облаке клиента больше не будет.',
      withoutBackup: 'Без копии нынешнего состояния',
      withoutBackupHint: 'Только если копию уже не снять: нынешнее состояние тогда пропадёт навсегда.',
    },
    owner_password: {
      name: 'Сменить пароль владельца',
      does: 'Задаёт владельцу лаборатории новый пароль от облака. Старый перестанет подходить.',
      password: 'Новый пароль',
      hint: 'Не меньше 8 знаков. Больше он нигде не показывается.',
    },
    count_users: {
      name: 'Посчитать пользователей',
      does: 'Спрашивает у приложения клиента, сколько в нём пользователей.',
    },
    send_success: {
      name: 'Отправить данные для входа',
      does: (email: string) => `Отправляет на ${email} адрес облака, логин и пароль.`,
    },
    send_expire: {
      name: 'Отправить письмо о сроке',
      does: (email: string) => `Отправляет на ${email} письмо о том, сколько дней осталось и как продлить.`,
    },
    move: {
      name: 'Перенести на другой сервер',
      does: 'Копирует файлы и базу на другой сервер и запускает клиента там. Большая часть копируется, пока клиент работает; под конец на время включается страница обслуживания. До последнего шага любая неудача оставляет клиента на месте.',
      server: 'На сервер',
      hold: 'Хранить на прежнем сервере, часов',
      holdHint: 'Пока хранится, переезд можно отменить. Пусто: как настроено.',
    },
    copy: {
      name: 'Копировать на тестовый сервер',
      does: 'Создаёт копию клиента на тестовом сервере. Клиент при этом работает; копия писем не отправляет.',
      server: 'Тестовый сервер',
      slug: 'Имя копии в адресе',
      sql: 'SQL, скрывающий личные данные',
      sqlHint: 'Выполняется в копии до того, как её можно открыть.',
      password: 'Пароль владельца в новой копии',
      passwordHint: 'Пусто: будет придуман.',
      replace: 'Заменить имеющуюся копию',
      replaceHint: 'Внесённое в неё пропадёт. Сначала с неё снимается резервная копия.',
    },
    undo: {
      name: 'Отменить переезд',
      does: 'Возвращает клиента на прежний сервер ровно в том виде, в каком он там был.',
      risk: 'Внесённое после переезда не вернётся; оно останется в резервной копии.',
    },
    release: {
      name: 'Убрать с прежнего сервера',
      does: 'Сразу удаляет всё, что прежний сервер ещё хранит от клиента.',
      risk: 'После этого переезд уже не отменить.',
    },
    delete: {
      name: 'Удалить клиента',
      does: 'Делает последнюю резервную копию, которая хранится ещё некоторое время, затем удаляет контейнер, базу, файлы, адрес и личные данные клиента.',
      risk: 'Облака клиента больше не будет. Его личные данные в истории никто и никогда уже не прочитает.',
      withoutBackup: 'Без последней копии',
      withoutBackupHint: 'Только если база испорчена: тогда не сохранится ничего.',
    },
  },
});
