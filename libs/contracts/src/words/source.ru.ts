/** What is said of the repository that images are built from, in Russian by English templates. */
export const sourceRu: Readonly<Record<string, string>> = {
  'A branch has no empty name': 'У ветки не может быть пустого имени',
  'The name of a branch has at most {} bytes': 'В имени ветки не больше {} байт',
  'The name of a branch does not begin with a hyphen': 'Имя ветки не начинается с дефиса',
  'The name of a branch does not hold {}': 'В имени ветки не может быть: {}',
  'control characters': 'управляющие символы',
  blanks: 'пробелы',
  'a slash at its beginning or end, or two of them in a row':
    'косая черта в начале или в конце либо две подряд',
  'a part that begins with a dot': 'часть, которая начинается с точки',
  'a part that ends with .lock, or a dot at its end': 'часть, которая кончается на .lock, или точка в конце',
  'Another builder works on the copy of the repository for too long':
    'Другой сборщик слишком долго занят копией репозитория',
  'The secret of the hook was sealed with a former master key: put that one back, or send "hookSecret" anew (PATCH /repository) and write the same one at the host of the repository':
    'Секрет вебхука запечатан прежним главным ключом: верните его или пришлите "hookSecret" заново (PATCH /repository) и укажите тот же на хосте репозитория',
  'No repository is set: PUT /repository': 'Репозиторий не задан: PUT /repository',
  'The repository is empty: push a branch {} to it': 'Репозиторий пуст: отправьте в него ветку {}',
  'The repository has no branch {}; it has {}': 'В репозитории нет ветки {}; есть {}',
  'Commit {} is not in the repository any more: branch {} was changed by force. Build it anew':
    'Коммита {} в репозитории больше нет: ветку {} изменили принудительно. Запустите сборку заново',
  'The commit has {} files of {} MiB, more than the {} files or {} MiB that are checked out: take out what the image does not need':
    'В коммите файлов: {}, объём {} МиБ; извлекается не больше {} файлов и {} МиБ: уберите то, что образу не нужно',
  'The host of the repository shows another host key than the one that is known: it was installed anew, or somebody else answers in its place. When it is right, accept it: POST /repository/check':
    'Хост репозитория показывает не тот ключ хоста, что известен: его переустановили, либо вместо него отвечает кто-то другой. Если ключ верный, примите его: POST /repository/check',
  "The host key of the repository's host is not known: PUT /repository records it":
    'Ключ хоста репозитория неизвестен: его записывает PUT /repository',
  'The host of the repository speaks no form of ssh that is taken for safe: its sshd has to be renewed':
    'Хост репозитория не знает ни одного надёжного вида ssh: обновите на нём sshd',
  'No name server knows the host of the repository: is its address right?':
    'Ни один сервер имён не знает хоста репозитория: верен ли его адрес?',
  'The repository does not let us in: does its deploy key, or token and username, belong to it, is it still valid, and may it read?':
    'Репозиторий нас не впускает: от него ли ключ или токен с именем пользователя, действует ли он ещё, разрешено ли ему чтение?',
  'There is no repository at this address, or it may not be seen with this key or token':
    'По этому адресу нет репозитория, или он не виден с этим ключом или токеном',
  'The directory of the repository belongs to another user than the one that Alfa Cloud runs as: chown it, or give its address as ssh://':
    'Каталог репозитория принадлежит не тому пользователю, от имени которого работает Alfa Cloud: выполните chown или укажите адрес ssh://',
  'Repositories are reached by ssh and https alone: change the address of the repository':
    'К репозиториям обращаются только по ssh и https: измените адрес репозитория',
  "The certificate of the repository's host is not trusted: is it still valid, and is its authority known (ALFA_GIT_CA_FILE)?":
    'Сертификату хоста репозитория нет доверия: действует ли он и известен ли его центр (ALFA_GIT_CA_FILE)?',
  'The disk of the builder is full: make room in its data directory, then repeat the operation':
    'Диск сборщика заполнен: освободите место в его каталоге данных и повторите операцию',
  "The data directory of the builder can't be written: give it to the user that the builder runs as":
    'В каталог данных сборщика нельзя писать: отдайте его пользователю, от имени которого работает сборщик',
  'The host of the repository refuses to answer now: it is overloaded, or it has had too many requests from us':
    'Хост репозитория сейчас отказывается отвечать: он перегружен или получил от нас слишком много запросов',
  'The host of the repository does not answer: are address and port right, does it run, does a firewall stand between?':
    'Хост репозитория не отвечает: верны ли адрес и порт, работает ли он, не мешает ли межсетевой экран?',
  'The transfer from the repository was cut off': 'Передача из репозитория оборвалась',
  "The commit holds a file whose name can't be written to disk: rename it in the repository":
    'В коммите есть файл, имя которого нельзя записать на диск: переименуйте его в репозитории',
  'The builder has no git: install the packages git and openssh-client':
    'У сборщика нет git: установите пакеты git и openssh-client',
  'The repository was not read in time: is it very large, or the way to it slow? ALFA_GIT_TIMEOUT_S allows more':
    'Репозиторий не прочитан вовремя: он очень велик или путь к нему медленный? ALFA_GIT_TIMEOUT_S даёт больше времени',
  'git failed: {}': 'Ошибка git: {}',
  'The address must hold no password: send it as "token"':
    'В адресе не должно быть пароля: пришлите его как "token"',
  'An address of https must hold no user: send a token as "token"':
    'В адресе https не должно быть пользователя: токен пришлите как "token"',
  'The repository was changed meanwhile: look at it, then send the request again':
    'Репозиторий тем временем изменили: посмотрите на него и отправьте запрос снова',
  'The address must be like {}, {} or {}': 'Адрес должен быть вида {}, {} или {}',
  'The host of the repository shows the host key {}, and known is {}. When the new one is right, send its fingerprint: POST /repository/check':
    'Хост репозитория показывает ключ хоста {}, а известен {}. Если новый верен, пришлите его отпечаток: POST /repository/check',
  'The repository is not reached by ssh: its host has no host key':
    'К репозиторию обращаются не по ssh: у его хоста нет ключа хоста',
  'An address of ssh needs "privateKey": the deploy key of the repository':
    'Адресу ssh нужен "privateKey": ключ для развёртывания этого репозитория',
  'What opens the repository was sealed with a former master key: put that one back, or send key or token anew (PUT /repository)':
    'То, что открывает репозиторий, запечатано прежним главным ключом: верните его или пришлите ключ либо токен заново (PUT /repository)',
  'Send "privateKey" for an address of ssh or "token" for one of https, not both':
    'Пришлите "privateKey" для адреса ssh или "token" для https, но не оба',
  'must be the address of a git repository without blanks, like "git@git.example.org:lab/app.git"':
    'должно быть адресом репозитория git без пробелов, например "git@git.example.org:lab/app.git"',
  'must be a path inside the repository, like "docker/Dockerfile"':
    'должно быть путём внутри репозитория, например "docker/Dockerfile"',
  'must hold neither a colon nor control characters, like "oauth2"':
    'не должно содержать двоеточия и управляющих символов, например "oauth2"',
  'belongs to a "token" for an address of https, which is absent':
    'относится к "token" для адреса https, а его нет',
  'must be printable ASCII without blanks, like "glpat-5nBq8Xw2"':
    'должно состоять из печатных символов ASCII без пробелов, например "glpat-5nBq8Xw2"',
};
