/** Why operations fail, in Russian by English templates. What is done, `{}` at the start of some, stands before a colon: it is of every gender. */
export const failuresRu: Readonly<Record<string, string>> = {
  // The runner of operations.
  'Cancelled on request': 'Отменено по запросу',
  'Step {} did not finish within {} ms': 'Шаг {} не завершился за {} мс',
  'Step {} was cut off, as the operation is cancelled': 'Шаг {} прерван: операция отменяется',
  '{} did not finish within {} ms': '{}: не завершено за {} мс',
  '{} workers in a row began here and none came to an end':
    'Исполнителей, начинавших здесь один за другим: {}; ни один не дошёл до конца',
  'The command failed again and again before its operation could begin':
    'Команда раз за разом завершалась сбоем, и её операция не смогла начаться',
  'The creation was cancelled on request': 'Создание отменено по запросу',
  'The preparation was cancelled on request': 'Подготовка отменена по запросу',
  // The check of a connection.
  "Clients live on the server ({}), and this connection leads to another machine: its Docker Engine, or Alfa Cloud's directory there, is another one":
    'На сервере есть клиенты ({}), а это подключение ведёт на другую машину: там другой Docker Engine или другой каталог Alfa Cloud',
  'No Docker Engine runs on {}: install it (docker.io or docker-ce), or start it':
    'На {} не работает Docker Engine: установите его (docker.io или docker-ce) или запустите',
  'No name server answers about the host of {}': 'Ни один сервер имён не отвечает о хосте {}',
  'No name server knows the host of {}': 'Ни один сервер имён не знает хоста {}',
  'Nothing listens there ({}): is the port right, does sshd run?':
    'Там никто не слушает ({}): верен ли порт, запущен ли sshd?',
  'The Docker Engine of {} does not answer': 'Docker Engine на {} не отвечает',
  'The private key does not open with this passphrase': 'Закрытый ключ не открывается этим паролем',
  'The private key is protected by a passphrase: send it too':
    'Закрытый ключ защищён паролем: пришлите и его',
  'This is no private key of OpenSSH or PEM form of type ed25519, ecdsa or rsa':
    'Это не закрытый ключ в форме OpenSSH или PEM типа ed25519, ecdsa или rsa',
  'This is the public part of a key: send the private one': 'Это открытая часть ключа: пришлите закрытую',
  '{} did not answer within {} s: check address, port and firewall':
    '{}: нет ответа за {} с; проверьте адрес, порт и межсетевой экран',
  "{} does not let this user in with this key: is the user's name right, and does the public key stand in the user's ~/.ssh/authorized_keys?":
    '{} не впускает этого пользователя с этим ключом: верно ли имя пользователя и есть ли открытый ключ в его ~/.ssh/authorized_keys?',
  '{} is not in group docker and may not use sudo without a password: sudo usermod -aG docker {}':
    '{} не входит в группу docker, и sudo требует пароль: sudo usermod -aG docker {}',
  '{} is not in group docker, and for sudo the program docker is not there: sudo usermod -aG docker {}':
    '{} не входит в группу docker, а для sudo там нет программы docker: sudo usermod -aG docker {}',
  '{} or what is in it belongs to another user than {}: sudo chown -R {} {}':
    '{} или что-то в нём принадлежит другому пользователю, а не {}: sudo chown -R {} {}',
  '{} may not write to {}: sudo install -d -m 755 -o {} {}':
    '{} не может писать в {}: sudo install -d -m 755 -o {} {}',
  'The reboot was cancelled on request': 'Перезагрузка отменена по запросу',
  // Reboot of a server.
  'The command for the reboot ended with exit code {}': 'Команда перезагрузки завершилась с кодом {}',
  'The command for the reboot ended with exit code {}: {}': 'Команда перезагрузки завершилась с кодом {}: {}',
  'The server was not rebooted: after {} s there still run {}':
    'Сервер не перезагружен: через {} с всё ещё выполняются {}',
  'The read models are behind the events': 'Модели чтения отстают от событий',
  'The operations under way could not be listed': 'Не удалось получить список идущих операций',
  'The server did not tell its boot id, so it was not rebooted':
    'Сервер не сообщил свой boot id и поэтому не перезагружен',
  'The server could not be asked for its reboot: {}': 'Не удалось попросить сервер о перезагрузке: {}',
  'The server has the same boot id as before {} s after it was asked for its reboot: it has not been rebooted':
    'Через {} с после просьбы о перезагрузке у сервера прежний boot id: он не перезагрузился',
  'The server has not come back within {} s after its reboot: {}':
    'Сервер не вернулся за {} с после перезагрузки: {}',
  'it does not tell its boot id': 'он не сообщает свой boot id',
  'The Docker Engine has not come back within {} s after the reboot: {}':
    'Docker Engine не вернулся за {} с после перезагрузки: {}',
  'The database has not come back after the reboot': 'База данных не вернулась после перезагрузки',
  'The proxy has not come back after the reboot': 'Прокси не вернулся после перезагрузки',
  'something else answers': 'отвечает что-то другое',
  '{} of {} clients have not come back after the reboot: {}':
    'Клиентов не вернулось после перезагрузки: {} из {}: {}',
  'container {} is not there': 'контейнера {} нет',
  'container {} has ended with exit code {}': 'контейнер {} завершился с кодом {}',
  'container {} is {}': 'контейнер {}: {}',
  // Host keys and key pairs.
  'The server does not show its host key: {}': 'Сервер не показывает ключ хоста: {}',
  'The server is the machine of Alfa Cloud itself: it shows no host key':
    'Этот сервер — машина самой Alfa Cloud: ключа хоста у него нет',
  'The server shows the host key {} now, its jump host {}, neither this one':
    'Сервер сейчас показывает ключ хоста {}, его промежуточный сервер — {}, и ни один — этот',
  'The server shows the host key {} now, not this one': 'Сервер сейчас показывает ключ хоста {}, а не этот',
  'There are {} key pairs already: use one of them': 'Пар ключей уже {}: возьмите одну из них',
  'There is no key pair with this id': 'Пары ключей с таким id нет',
  'There is no key pair with this id: POST /servers/keys makes one':
    'Пары ключей с таким id нет: её создаёт POST /servers/keys',
  '"privateKey" or "keyId" is required': 'Нужен "privateKey" или "keyId"',
  'belongs to a "privateKey", which is absent': 'относится к "privateKey", а его нет',
  'must be the fingerprint of a key, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"':
    'ожидается отпечаток ключа, например "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"',
  'must not stand beside "privateKey"': 'не может стоять рядом с "privateKey"',
  // Many clients.
  'Clients: {}, ok: {}, failed: {}, not begun: {}, left out: {}':
    'Клиентов: {}, успешно: {}, с ошибкой: {}, не начато: {}, пропущено: {}',
  'The clients could not be listed yet: the read models do not answer, or are behind':
    'Список клиентов пока не получен: модели чтения не отвечают или отстают',
  'The first failed, so no other was begun: {}': 'Первый завершился ошибкой, поэтому другие не начаты: {}',
  '{} And {} more': '{} И ещё {}',
  'Its last operation {} ({}) has failed, and none of the kind went well since':
    'Его последняя операция {} ({}) завершилась ошибкой, и с тех пор ни одна такая не удалась',
  "Image {} is neither on the client's server nor on another one":
    'Образа {} нет ни на сервере клиента, ни на другом',
  'On the server the name {} belongs to image {}, and it is not taken from it for {}':
    'На сервере имя {} принадлежит образу {}; оно не отнимается у него для {}',
  'The image was removed from the server before it had its name there':
    'Образ удалили с сервера раньше, чем он получил там своё имя',
  'The registry gives another image as {}, {} instead of {}':
    'Реестр даёт под именем {} другой образ: {} вместо {}',
  "Docker's disk on the server has {} MB free, and the image needs {} MB while it is loaded":
    'На диске Docker на сервере свободно {} МБ, а на время загрузки образу нужно {} МБ',
  'Operation {} over these clients has not ended yet': 'Операция {} над этими клиентами ещё не завершена',
  // Commands and scripts in containers.
  'Counting the users': 'Подсчёт пользователей',
  'Counting the users printed something else than a number': 'Подсчёт пользователей вывел не число',
  'Filling in demo data': 'Внесение демонстрационных данных',
  'Migrating the database': 'Миграция базы данных',
  'Putting the application down': 'Перевод приложения в режим обслуживания',
  'Putting the application up': 'Вывод приложения из режима обслуживания',
  "Setting the owner's account": 'Настройка учётной записи владельца',
  'Taking the demo data away': 'Удаление демонстрационных данных',
  'The dump of database {}': 'Дамп базы {}',
  'The restoration of database {}': 'Восстановление базы {}',
  'Packing the storage of {}': 'Упаковка хранилища {}',
  'Unpacking the storage of {}': 'Распаковка хранилища {}',
  'There is no password to set': 'Нет пароля, который нужно задать',
  'What was begun in container {} could not be ended': 'Начатое в контейнере {} не удалось завершить',
  '{} did not end within {} s': '{}: не завершено за {} с',
  '{} did not say what it has written': '{}: не сообщено, что записано',
  '{} ended with exit code {}': '{}: код завершения {}',
  '{} found no room on the disk of the server: {}': '{}: на диске сервера нет места: {}',
  '{} needs container {}, which does not run': '{}: нужен контейнер {}, а он не работает',
  '{} was cut off from outside': '{}: прервано извне',
  '{} was cut off, as its container stopped': '{}: прервано, так как контейнер остановился',
  '{}. Last lines of {}:\n{}': '{}. Последние строки, {}:\n{}',
  '{}; {} is empty': '{}; пусто: {}',
  'its output': 'вывод',
  'its container': 'контейнер',
  'container {}': 'контейнер {}',
  // Databases.
  "SQL in the server's database was cut off from outside": 'SQL в базе данных сервера прерван извне',
  'The database did not answer within {} s': 'База данных не ответила за {} с',
  'The database of the server does not answer: {}': 'База данных сервера не отвечает: {}',
  'The database of the server has no room for it now: {}':
    'У базы данных сервера сейчас нет на это места: {}',
  'The database of the server refused: {}': 'База данных сервера отказала: {}',
  'The database of the server stopped answering': 'База данных сервера перестала отвечать',
  '{}: the database does not answer: {}': '{}: база данных не отвечает: {}',
  '{}: the database has no room for it now: {}': '{}: у базы данных сейчас нет на это места: {}',
  'Database {} is not there after it was made': 'Базы {} нет после её создания',
  'There is no database {} to back up. Send withoutBackup=true to delete the client all the same':
    'Базы {}, которую нужно сохранить, нет. Чтобы всё равно удалить клиента, отправьте withoutBackup=true',
  // Backups.
  'Backup {} has no readable manifest': 'У резервной копии {} нет читаемого описания',
  'Backup {} is not on the server any more': 'Резервной копии {} на сервере больше нет',
  'There is no backup {} any more': 'Резервной копии {} больше нет',
  'No backup of the state before was wanted: it is gone for good, with all that was entered since the backup':
    'Копия прежнего состояния была не нужна: оно потеряно вместе со всем, что внесено после резервной копии',
  'No backup was wanted: the database before the migration is gone for good, and a failure can not be taken back':
    'Резервная копия была не нужна: прежняя база потеряна, и при сбое её не вернуть',
  'No final backup was wanted: what the client had is gone for good, but for earlier backups':
    'Последняя резервная копия была не нужна: данные клиента потеряны, кроме прежних копий',
  'Where the data can not be backed up, withoutBackup=true does without it. {}':
    'Если данные нельзя сохранить, withoutBackup=true обходится без копии. {}',
  '{}. What is there is what the restoration has left': '{}. Осталось то, что оставило восстановление',
  // Containers, networks, directories, virtual hosts.
  'Container {}': 'Контейнер {}',
  'Database {}': 'База {}',
  'Database account {}': 'Учётная запись базы {}',
  'Directory {}': 'Каталог {}',
  'Network {}': 'Сеть {}',
  'Volume {}': 'Том {}',
  '{} exists already and was not made by this operation; it is left alone':
    '{}: уже существует, создано не этой операцией; оставлено как есть',
  'Container {} is not on the server: a deployment (/clients/deploy?serverId={}) makes it anew':
    'Контейнера {} нет на сервере: развёртывание (/clients/deploy?serverId={}) создаст его заново',
  "Container {} is not this client's; it is left alone":
    'Контейнер {} не принадлежит этому клиенту; он оставлен как есть',
  'Container {} was removed by somebody': 'Контейнер {} кто-то удалил',
  "Directory {} is not there or is not this client's": 'Каталога {} нет, или он не этого клиента',
  'Image {} is not (any more) on the server': 'Образа {} на сервере (больше) нет',
  'Image {} is not (any more) on the server: bring exactly this one back, or switch the client to another one':
    'Образа {} на сервере (больше) нет: верните именно его или переведите клиента на другой',
  'No addresses are left for network {} in {} (ALFA_CLIENT_SUBNETS)':
    'Для сети {} не осталось адресов в {} (ALFA_CLIENT_SUBNETS)',
  'Still on the server: {}': 'Осталось на сервере: {}',
  'The application became unhealthy while it was observed: /healthz answered {}':
    'Во время наблюдения приложение стало неисправным: /healthz ответил {}',
  'The application did not become healthy within {} s: /healthz answered {}':
    'Приложение не стало исправным за {} с: /healthz ответил {}',
  'The application in container {} ended while it was observed':
    'Приложение в контейнере {} завершилось во время наблюдения',
  'The container ended for lack of memory': 'Контейнер завершился из-за нехватки памяти',
  'The container ended with exit code {}': 'Контейнер завершился с кодом {}',
  'The slug {} is not held by this client': 'Имя {} не закреплено за этим клиентом',
  'The virtual host of {} is not there or was changed by somebody':
    'Виртуального хоста {} нет, или его кто-то изменил',
  'Visitors are led to container {}: it is left running':
    'Посетители направляются в контейнер {}: он оставлен работать',
  'an older configuration answered': 'ответила прежняя конфигурация',
  '{} answered {}': '{} ответил {}',
  '{} did not answer as it should within {} s: {}': '{} не ответил как нужно за {} с: {}',
  '{} did not answer through the proxy within {} s: {}': '{} не ответил через прокси за {} с: {}',
  // The proxy.
  'The clients of the server can not be listed: {}': 'Не удаётся получить список клиентов сервера: {}',
  'The proxy did not answer on port {} within {} s': 'Прокси не ответил на порту {} за {} с',
  'The proxy did not reload: {}': 'Прокси не перечитал конфигурацию: {}',
  'The proxy goes on answering by an older virtual host of {}':
    'Прокси продолжает отвечать по прежнему виртуальному хосту {}',
  'The proxy refused its new configuration: {}': 'Прокси отверг новую конфигурацию: {}',
  // The preparation of a server.
  'Docker {} is older than {}': 'Docker {} старше, чем {}',
  'The Docker Engine is managed as server {} already': 'Docker Engine уже управляется как сервер {}',
  'The free space could not be measured': 'Свободное место не удалось измерить',
  "The server's clock is {} s ahead": 'Часы сервера спешат на {} с',
  "The server's clock is {} s behind": 'Часы сервера отстают на {} с',
  '{} are free, {} are needed': 'Свободно {}, нужно {}',
  '{} belongs to another server of Alfa Cloud': '{} принадлежит другому серверу Alfa Cloud',
};
