/** Why calls to a server fail, in Russian by English templates. What could not be done, `{}` after "could not", is an infinitive in both. */
export const serversRu: Readonly<Record<string, string>> = {
  'Could not {} in time': 'Не удалось вовремя {}',
  'Could not {}: {}': 'Не удалось {}: {}',
  'Docker could not fetch {}: {}': 'Docker не смог получить {}: {}',
  'Docker could not {}: {}': 'Docker не смог {}: {}',
  'What is taken for the Docker Engine could not {}: it answered with a redirect ({}), which an engine does not do':
    'То, что принимается за Docker Engine, не смогло {}: оно ответило перенаправлением ({}), чего Docker Engine не делает',
  'Docker did not {} in time': 'Docker не успел {}',
  'Docker restarted under the command {}, so nobody knows how it ended':
    'Docker перезапустился во время команды {}, поэтому неизвестно, чем она закончилась',
  "No permission to use the Docker Engine's socket": 'Нет прав на сокет Docker Engine',
  'Docker lost the end of what {} printed': 'Docker потерял конец того, что вывела команда {}',
  "No permission to use the Docker Engine's socket {}": 'Нет прав на сокет Docker Engine {}',
  'No Docker Engine listens at {}, so it could not {}: is it installed and running?':
    'По адресу {} нет работающего Docker Engine, поэтому он не смог {}: установлен ли он и запущен?',
  'Port {} of the server does not answer ({})': 'Порт {} сервера не отвечает ({})',
  "The Docker Engine can't be reached ({}), so it could not {}":
    'Docker Engine недоступен ({}), поэтому не смог {}',
  'The Docker Engine ended the connection on which it tells what happens to containers':
    'Docker Engine закрыл соединение, по которому сообщает о контейнерах',
  // What could not be done.
  answer: 'ответить',
  'attach container {} to network {}': 'подключить контейнер {} к сети {}',
  connect: 'подключиться',
  'create container {}': 'создать контейнер {}',
  'create network {}': 'создать сеть {}',
  'create volume {}': 'создать том {}',
  'detach container {} from network {}': 'отключить контейнер {} от сети {}',
  'fetch image {}': 'получить образ {}',
  'ask the registry for image {}': 'спросить реестр об образе {}',
  'read image {}': 'прочитать образ {}',
  'load an image': 'загрузить образ',
  'Docker could not load an image: {}': 'Docker не смог загрузить образ: {}',
  'Image {} is not what the Docker Engine has loaded: {}': 'Docker Engine загрузил не образ {}, а другой: {}',
  "The archive of image {} can't be read: {}": 'Архив образа {} не читается: {}',
  'Layer {} has gone from the cache of Alfa Cloud, or was damaged there: the image has to be read again':
    'Слой {} исчез из кэша Alfa Cloud или был в нём повреждён: образ надо прочитать заново',
  'The disk of Alfa Cloud itself has no space for the layers of image {}':
    'На диске самого Alfa Cloud нет места для слоёв образа {}',
  'inspect container {}': 'осмотреть контейнер {}',
  'inspect image {}': 'осмотреть образ {}',
  'inspect network {}': 'осмотреть сеть {}',
  'inspect volume {}': 'осмотреть том {}',
  'list containers': 'перечислить контейнеры',
  'list directory {}': 'прочесть каталог {}',
  'list images': 'перечислить образы',
  'list networks': 'перечислить сети',
  'list the commands in container {}': 'перечислить команды в контейнере {}',
  'list what is there': 'перечислить, что есть',
  'ask for the host key': 'запросить ключ хоста',
  'look around': 'осмотреться',
  'make directory {}': 'создать каталог {}',
  'measure container {}': 'измерить контейнер {}',
  'measure volumes': 'измерить тома',
  'name image {} {}:{}': 'дать образу {} имя {}:{}',
  'read file {}': 'прочесть файл {}',
  'read the output of container {}': 'прочесть вывод контейнера {}',
  'remove container {}': 'удалить контейнер {}',
  'remove directory {}': 'удалить каталог {}',
  'remove file {}': 'удалить файл {}',
  'remove image name {}': 'удалить имя образа {}',
  'remove network {}': 'удалить сеть {}',
  'remove volume {}': 'удалить том {}',
  'rename container {}': 'переименовать контейнер {}',
  'run {} in container {}': 'выполнить {} в контейнере {}',
  'start container {}': 'запустить контейнер {}',
  'stop container {}': 'остановить контейнер {}',
  'tell about itself': 'рассказать о себе',
  'tell what happens to containers': 'сообщить, что происходит с контейнерами',
  'wait for container {}': 'дождаться контейнера {}',
  'write file {}': 'записать файл {}',
  // Why not.
  'connection cut': 'соединение оборвано',
  'no answer in time': 'нет ответа вовремя',
  'no space left on the disk': 'на диске нет места',
  'no way leads there': 'туда нет пути',
  'nothing listens on that port': 'на этом порту никто не слушает',
  'the name is not known': 'имя неизвестно',
  'the name servers do not answer': 'серверы имён не отвечают',
  'the user may not do that on the server': 'пользователю это на сервере не разрешено',
  '{} is not a path below the root directory': '{} не является путём внутри корневого каталога',
  '{} leads over a symbolic link': '{} ведёт через символическую ссылку',
  // Over ssh.
  'At the jump host: {}': 'На промежуточном сервере: {}',
  "{}: the jump host {} can't connect there": '{}: промежуточный сервер {} не может туда подключиться',
  '{}: the jump host {} may not forward there (AllowTcpForwarding, PermitOpen in its sshd_config)':
    '{}: промежуточному серверу {} не разрешено перенаправлять туда (AllowTcpForwarding, PermitOpen в его sshd_config)',
  'A word of a command contains a NUL character': 'Слово команды содержит символ NUL',
  'No private key is recorded for the server': 'Для сервера не записан закрытый ключ',
  "The Docker Engine of {} can't be used: {} (tried: {})":
    'Docker Engine сервера {} нельзя использовать: {} (испробовано: {})',
  'The command {} was ended by {}': 'Команда {} завершена сигналом {}',
  'The connection to the server is being closed': 'Соединение с сервером закрывается',
  'The connection to {} is closed': 'Соединение с {} закрыто',
  'The connection was cut under the command {}, so nobody knows how it ended':
    'Соединение оборвалось во время команды {}, поэтому неизвестно, чем она закончилась',
  'The connection was cut, so it is not known whether we could {}':
    'Соединение оборвалось, поэтому неизвестно, удалось ли {}',
  'The pinned host key is not a public key of OpenSSH':
    'Закреплённый ключ хоста не является открытым ключом OpenSSH',
  "The private key can't be used: {}": 'Закрытый ключ нельзя использовать: {}',
  "The server's key was lost with a former master key: put the right master key back, or give the server a private key anew":
    'Ключ сервера потерян вместе с прежним главным ключом: верните правильный главный ключ или задайте серверу закрытый ключ заново',
  'The ssh connection was cut': 'Соединение ssh оборвано',
  'it does not answer': 'он не отвечает',
  'it is a public key': 'это открытый ключ',
  'it is not a key of OpenSSH or PEM form': 'это не ключ в форме OpenSSH или PEM',
  'it needs a passphrase': 'для него нужна парольная фраза',
  'the passphrase is wrong': 'парольная фраза неверна',
  'there is no socket of a Docker Engine: it is not installed or does not run':
    'сокета Docker Engine нет: он не установлен или не работает',
  '{} could not be reached and is tried again in {} s: {}': '{} недоступен, новая попытка через {} с: {}',
  '{} did not end in time on {}': '{} не завершилась вовремя на {}',
  '{} does not connect us to its Docker Engine': '{} не соединяет со своим Docker Engine',
  '{} does not let this user in with this key (is the public key in its authorized_keys?)':
    '{} не впускает этого пользователя с этим ключом (есть ли открытый ключ в его authorized_keys?)',
  '{} is not in group docker and may not use sudo without a password':
    '{} не входит в группу docker и не может использовать sudo без пароля',
  '{} is not in group docker, and the client program docker is not installed':
    '{} не входит в группу docker, а клиентская программа docker не установлена',
  '{} shows another host key ({}, {}) than the one that is known ({}): it was installed anew, or somebody else answers in its place':
    '{} показывает другой ключ хоста ({}, {}), а не известный ({}): его установили заново, или вместо него отвечает кто-то другой',
};
