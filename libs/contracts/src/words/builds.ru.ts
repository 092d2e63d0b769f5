/** What is said about builds of images, in Russian by English templates. */
export const buildsRu: Readonly<Record<string, string>> = {
  'A command of the Dockerfile failed: its output stands above':
    'Команда из Dockerfile завершилась с ошибкой: её вывод выше',
  'A command was ended, most likely for lack of memory: raise ALFA_BUILD_MEMORY_MB':
    'Команда была прервана, скорее всего из-за нехватки памяти: увеличьте ALFA_BUILD_MEMORY_MB',
  'A file that is copied is not in the repository, or .dockerignore leaves it out':
    'Копируемого файла нет в репозитории, или его исключает .dockerignore',
  'build image {}:{}': 'собрать образ {}:{}',
  'does not answer': 'не отвечает',
  'answered {}': 'ответил {}',
  'Docker could not build the image: {}': 'Docker не смог собрать образ: {}',
  'Image {} is not on the server any more that has built it: build it anew with force=true':
    'Образа {} больше нет на сервере, где он собран: соберите его заново с force=true',
  'No server can build: register one with the role "build", or the machine of Alfa Cloud itself (connection "local"), and wait until it is ready':
    'Собирать не на чем: зарегистрируйте сервер с ролью "build" или саму машину Alfa Cloud (подключение "local") и дождитесь готовности',
  'The switch of clients could not be asked for: NATS does not answer':
    'Не удалось запросить переход клиентов: NATS не отвечает',
  "The Dockerfile can't be read: mend the line that is named":
    'Dockerfile не читается: исправьте названную строку',
  'The Dockerfile uses what only BuildKit can do (RUN --mount, COPY --chmod and the like): do without it':
    'Dockerfile использует то, что умеет только BuildKit (RUN --mount, COPY --chmod и подобное): обойдитесь без этого',
  'The application did not become healthy within {} s: /healthz {}':
    'Приложение не стало работоспособным за {} с: /healthz {}',
  'The commit has no file {}: add it, or tell the path of yours by PUT /repository':
    'В коммите нет файла {}: добавьте его или укажите путь к своему в PUT /repository',
  'The connection to the Docker Engine was cut while it built the image':
    'Соединение с Docker Engine оборвалось во время сборки образа',
  'The application ended with exit code {}': 'Приложение завершилось с кодом {}',
  'The database of the smoke test could not be filled': 'Базу для проверки образа не удалось заполнить',
  'The database of the smoke test did not start within {} s':
    'База для проверки образа не запустилась за {} с',
  'The image after FROM is neither on the server nor in its registry: load it there, or correct its name':
    'Образа из FROM нет ни на сервере, ни в его реестре: загрузите его туда или исправьте имя',
  'The image is built and has its names, but no server has got it ({}): see the result of each, then send the request again, which builds nothing':
    'Образ собран и назван, но не попал ни на один сервер ({}): посмотрите итог по каждому и отправьте запрос снова, сборки при этом не будет',
  'The operation was given up before it could tell how the build ended':
    'Операция была оставлена прежде, чем сообщила, чем кончилась сборка',
  'The read models do not answer': 'Модели чтения не отвечают',
  'The registry of the image after FROM did not answer': 'Реестр образа из FROM не ответил',
  'There is no such build': 'Такой сборки нет',
  'This branch is being built': 'Эта ветка уже собирается',
  '{} of the commit must be a plain file of at most 1 MiB, no link':
    '{} в коммите должен быть обычным файлом не больше 1 МиБ, не ссылкой',
  '{} ended with exit code {}': '{}: код завершения {}',
  'read the history of image {}': 'прочитать историю образа {}',
  'No build of Alfa Cloud has made it': 'Он собран не сборкой Alfa Cloud',
  'Another installation of Alfa Cloud has built it': 'Его собрала другая установка Alfa Cloud',
  'It is one of the newest {} images of branch {}': 'Он среди {} новейших образов ветки {}',
  'It has no name: a build or a transfer that was cut off has left it':
    'У него нет имени: его оставила прерванная сборка или передача',
  'Branch {} has {} newer images, and nothing needs this one':
    'У ветки {} есть {} образов новее, и этот никому не нужен',
  '{} means it: it is the last one of branch {} that has passed':
    'Его называет {}: это последний прошедший проверку образ ветки {}',
  'A rollback of a client leads to it: it has the name {}': 'К нему ведёт откат клиента: у него есть имя {}',
  'It also has the name {}, which no build has given':
    'У него есть и имя {}, которого не давала ни одна сборка',
  'Operation {}, which has not ended, may need it': 'Он может понадобиться незавершённой операции {}',
  'Clients have it: {}': 'На нём клиенты: {}',
  'A rollback leads to it of clients {}': 'К нему ведёт откат клиентов {}',
  'Containers are made from it: {}': 'Из него созданы контейнеры: {}',
  'A list of the read models changed while it was read': 'Список моделей чтения менялся во время чтения',
  'There is no build before it on its branch that has come to an image':
    'До неё на её ветке нет сборки, давшей образ',
  'Build {} has not come to a commit': 'Сборка {} не дошла до коммита',
  'The copy of the repository does not have {} any more: the branch was changed by force and the commit is long ago, the copy was made anew, or another repository is set':
    'В копии репозитория больше нет {}: ветку изменили принудительно и коммит давний, копия создана заново или задан другой репозиторий',
  'The image after FROM is named by an argument without a value: give ARG a default, as builds get no arguments':
    'Образ после FROM назван аргументом без значения: дайте ARG значение по умолчанию, сборки аргументов не получают',
  'The Dockerfile is not where it was said to be: add it, or tell the path of yours by PUT /repository':
    'Dockerfile не там, где указано: добавьте его или укажите путь к своему в PUT /repository',
  'COPY --from names neither a stage of the Dockerfile nor an image that is there: mend its name':
    'COPY --from не называет ни стадии Dockerfile, ни имеющегося образа: исправьте имя',
  'What ADD shall download could not be had': 'То, что должна скачать ADD, получить не удалось',
  'A file is copied from outside the repository: its path must lie below the root of it':
    'Файл копируется извне репозитория: путь должен лежать внутри его корня',
  'The registry of the image after FROM wants a login: load the image onto the server that builds':
    'Реестр образа из FROM требует входа: загрузите образ на сервер, где идёт сборка',
  'The user or group that USER names is not in the image: make it there first':
    'Пользователя или группы из USER нет в образе: сначала создайте их там',
  'A command of the Dockerfile starts a program that is not in the image: install it first, or mend its name':
    'Команда из Dockerfile запускает программу, которой нет в образе: сначала установите её или исправьте имя',
  'The disk of the server that builds is full: make room there (POST /servers/{id}/cleanup)':
    'Диск сервера, где идёт сборка, полон: освободите место (POST /servers/{id}/cleanup)',
  'A command of the Dockerfile did not reach a host: see its output for the name, and whether the server that builds gets there':
    'Команда из Dockerfile не достучалась до хоста: имя есть в её выводе; проверьте, доступен ли он с сервера, где идёт сборка',
  "PHP's own limit of memory ended a command: raise it there (php -d memory_limit=…, or COMPOSER_MEMORY_LIMIT)":
    'Команду остановил предел памяти самого PHP: поднимите его там (php -d memory_limit=… или COMPOSER_MEMORY_LIMIT)',
  'A package has no such name in the lists of the image: run apt-get update before, or mend the name':
    'Пакета с таким именем нет в списках образа: сначала выполните apt-get update или исправьте имя',
  'A command of the Dockerfile may not write where it does: the image after FROM ends as another user, so say USER root before it, and USER … again behind it':
    'Команде из Dockerfile нельзя писать туда, куда она пишет: образ из FROM заканчивается другим пользователем, поэтому скажите USER root до неё и снова USER … после',
  'The build took longer than ALFA_BUILD_TIMEOUT_S allows: raise it, or let the Dockerfile do less':
    'Сборка шла дольше, чем разрешает ALFA_BUILD_TIMEOUT_S: увеличьте его или сделайте Dockerfile короче',
};
