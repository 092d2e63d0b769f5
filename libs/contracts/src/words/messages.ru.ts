import { buildsRu } from './builds.ru.ts';
import { copiesRu } from './copies.ru.ts';
import { failuresRu } from './failures.ru.ts';
import { movesRu } from './moves.ru.ts';
import { webhooksRu } from './webhooks.ru.ts';
import { mailsRu } from './mails.ru.ts';
import { observationsRu } from './observations.ru.ts';
import { placementRu } from './placement.ru.ts';
import { sourceRu } from './source.ru.ts';
import { serversRu } from './servers.ru.ts';
import { transferRu } from './transfer.ru.ts';

/** Messages in Russian by their English templates. A test finds those that are missing, and those that nobody says any more. */
export const messagesRu: Readonly<Record<string, string>> = {
  ...buildsRu,
  ...copiesRu,
  ...failuresRu,
  ...movesRu,
  ...mailsRu,
  ...webhooksRu,
  ...observationsRu,
  ...serversRu,
  ...sourceRu,
  ...transferRu,
  ...placementRu,
  '"Idempotency-Key" must be 1 to 200 printable ASCII characters':
    '"Idempotency-Key" должен состоять из 1–200 печатных символов ASCII',
  '"Last-Event-ID" must be the id of an event of this stream':
    '"Last-Event-ID" должен быть id события этого потока',
  '"from" must lie before "to"': '"from" должно быть раньше "to"',
  '"asOf" has not come yet': '"asOf" ещё не наступил',
  '"ownerLogin" is required: this e-mail address can\'t serve as a login':
    'Нужен "ownerLogin": этот адрес почты не может служить логином',
  '"type" must be "{}"': '"type" должен быть "{}"',
  '"{}" belongs to another client': '"{}" принадлежит другому клиенту',
  '"{}" can be given once': '"{}" можно указать один раз',
  '"{}" is an alias of another client': '"{}" — дополнительное имя другого клиента',
  '"{}" is kept for Alfa Cloud itself': '"{}" оставлено для самого Alfa Cloud',
  '"{}" is not known here': '"{}" здесь неизвестно',
  '"{}" is required': 'Нужно "{}"',
  '"{}" lies in {}, the domain of a server': '"{}" лежит в {}, домене сервера',
  '"{}" must be a moment like 2026-11-22T18:00:00Z': '"{}" должен быть моментом вида 2026-11-22T18:00:00Z',
  '"{}" must be a position that an answer carried': '"{}" должен быть позицией из прежнего ответа',
  '1 client lives on the server': 'На сервере есть 1 клиент',
  'A part of the system did not answer in time; try again in a moment':
    'Часть системы не ответила вовремя; повторите немного позже',
  'All that was entered since the backup will be lost. Send "confirm": true if that is meant':
    'Всё, что внесено после резервной копии, будет потеряно. Если так и нужно, отправьте "confirm": true',
  'An operation {} can not be repeated: send its request again':
    'Операцию {} нельзя повторить: отправьте её запрос ещё раз',
  'Answers are sent as {}': 'Ответы отправляются как {}',
  'Client {} does not exist': 'Клиента {} нет',
  'Demo data are set by POST /clients/{id}/demo_enable and /clients/{id}/demo_disable':
    'Демонстрационные данные задаются через POST /clients/{id}/demo_enable и /clients/{id}/demo_disable',
  'Documents are taken without compression': 'Документы принимаются без сжатия',
  'The server is being rebooted': 'Сервер перезагружается',
  'Server {} is the machine on which Alfa Cloud itself runs, and it is not rebooted from here unless ALFA_REBOOT_LOCAL_COMMAND says how':
    'Сервер {} — машина, на которой работает сам Alfa Cloud; отсюда она не перезагружается, если в ALFA_REBOOT_LOCAL_COMMAND не сказано как',
  'Image {} is not a client application': 'Образ {} не является приложением клиента',
  'Image {} is not on server {}': 'Образа {} нет на сервере {}',
  'Image {} is not on server {}, nor on any of the others ({})':
    'Образа {} нет ни на сервере {}, ни на остальных ({})',
  '{}; registry {} does not give it to us': '{}; реестр {} его не даёт',
  '{}; these did not answer: {}': '{}; не ответили: {}',
  'It has ended ok: there is nothing to repeat': 'Она завершилась успешно: повторять нечего',
  'It has {} characters; {} are the least': 'В нём символов: {}; нужно не меньше {}',
  'It holds control characters, which Basic authentication does not carry':
    'В нём управляющие символы, которые не передаёт Basic-аутентификация',
  'It is made of fewer than {} different characters': 'В нём меньше {} разных символов',
  'It is the current password': 'Это нынешний пароль',
  'It is the login': 'Это логин',
  'It never began: send the request again': 'Она не начиналась: отправьте запрос ещё раз',
  'It was not created: {}': 'Создание не состоялось: {}',
  'Its command has not been taken up yet, so there is nothing to cancel; try again later':
    'Её команду ещё не взяли в работу, отменять нечего; повторите позже',
  'Login or password is wrong': 'Логин или пароль неверен',
  'No extension of JSON:API is supported': 'Расширения JSON:API не поддерживаются',
  'Only an active client has cloud settings': 'Настройки облака есть только у активного клиента',
  'Operation {} ({}) over these clients has not ended yet':
    'Операция {} ({}) над этими клиентами ещё не завершена',
  'Operation {} does not exist': 'Операции {} нет',
  'Operation {} has ended already': 'Операция {} уже завершена',
  'Operation {} has not ended yet': 'Операция {} ещё не завершена',
  'Operation {} of this client has not ended yet': 'Операция {} этого клиента ещё не завершена',
  'Pages of this origin are not let in': 'Страницам этого источника доступ закрыт',
  'must be the 40 or 64 hexadecimal digits of a commit, like "8f3c1e0b5a7d9246f0c1b2a3948576e5d4c3b2a1"':
    'должно быть 40 или 64 шестнадцатеричными цифрами коммита, например "8f3c1e0b5a7d9246f0c1b2a3948576e5d4c3b2a1"',
  'must be 16 or more printable ASCII characters without blanks, like "f6b1c0d2e3a4958677869504132a3b4c"':
    'должно состоять не менее чем из 16 печатных символов ASCII без пробелов, например "f6b1c0d2e3a4958677869504132a3b4c"',
  'A push must have "ref" and "after"': 'В сообщении об отправке должны быть "ref" и "after"',
  "The delivery is not signed by the secret of the repository's hook":
    'Сообщение не подписано секретом вебхука репозитория',
  'Too many deliveries came from this address': 'С этого адреса пришло слишком много сообщений',
  'Too many deliveries come at the same time': 'Слишком много сообщений приходит одновременно',
  'Pushes to {} and {} will be built': 'Отправленное в {} и {} будет собрано',
  'Only pushes are built, and this is "{}"': 'Собирается только отправленное в ветку, а это "{}"',
  '{} is not built, only branches {} and {} are': '{} не собирается, только ветки {} и {}',
  '{} was deleted': '{} удалена',
  '{} is built at {}, or a later commit, once no other build of it runs':
    '{} собирается на {} или более новом коммите, как только не идёт другая её сборка',
  '{} is being built already, at {} or a later commit': '{} уже собирается, на {} или более новом коммите',
  'Requests from this address are not taken': 'Запросы с этого адреса не принимаются',
  'Resources of this path have the type "{}"': 'Ресурсы этого пути имеют тип "{}"',
  'Send login and password by HTTP Basic authentication': 'Отправьте логин и пароль через HTTP Basic',
  'Server {} could not be asked for its images: {}': 'Сервер {} не удалось спросить об образах: {}',
  'Server {} does not exist': 'Сервера {} нет',
  'Server {} has {} clients, and {} are its limit': 'На сервере {} клиентов: {}, и его предел {}',
  'Server {} is {}': 'Состояние сервера {}: {}',
  'Server {} takes no new clients': 'Сервер {} не принимает новых клиентов',
  'Server {} was removed': 'Сервер {} удалён',
  'Server {}: {}': 'Сервер {}: {}',
  'Somebody else has changed the credentials in the meantime; these are not in force':
    'Кто-то тем временем сменил учётные данные; эти не вступили в силу',
  'Something unexpected happened; the log has it under the id of this request':
    'Произошло непредвиденное; в журнале это стоит под id этого запроса',
  'The client and its data will be gone. Send confirm={} if that is meant':
    'Клиент и его данные исчезнут. Если так и нужно, отправьте confirm={}',
  'The client is {}': 'Состояние клиента: {}',
  'The client runs from {} already': 'Клиент уже работает из {}',
  "The client's key was lost with a former master key: its secrets and personal data can't be read. Put the right master key back, or delete the client":
    'Ключ клиента потерян вместе с прежним главным ключом: его секреты и личные данные нельзя прочесть. Верните верный главный ключ или удалите клиента',
  "The key of the server was lost: its database's password can't be read. Restore the store of JetStream from its backup":
    'Ключ сервера потерян: пароль его базы данных нельзя прочесть. Восстановите хранилище JetStream из резервной копии',
  'The clients of the server can not be counted at the moment; try again':
    'Клиентов сервера сейчас нельзя подсчитать; повторите',
  'The command has {} bytes; {} is the most that can be sent':
    'В команде байтов: {}; отправить можно не больше {}',
  'The counting ended with "{}"': 'Подсчёт завершился так: "{}"',
  'The creation of this client has failed': 'Создать этого клиента не удалось',
  'The credentials are not known yet': 'Учётные данные ещё неизвестны',
  'The credentials could not be looked up in time; try again in a moment':
    'Учётные данные не удалось проверить вовремя; повторите немного позже',
  'The cursor must be the time of a line, RFC 3339 in UTC':
    'Курсор должен быть временем строки, RFC 3339 в UTC',
  'The database of this client holds no cloud settings at the moment; they are written again within a minute':
    'В базе этого клиента сейчас нет настроек облака; они будут записаны снова в течение минуты',
  'The document ends too early, after {} characters': 'Документ обрывается слишком рано, после символов: {}',
  'The document is larger than the limit': 'Документ больше допустимого',
  'The document is larger than the limit of {} bytes': 'Документ больше допустимых {} байтов',
  'The document is missing': 'Документа нет',
  'The document is not UTF-8 text': 'Документ не является текстом UTF-8',
  'The document must be an object with a member "data" that holds one resource object':
    'Документ должен быть объектом с членом "data", в котором один объект ресурса',
  'The document must be sent as {}': 'Документ должен быть отправлен как {}',
  'The document must be written in UTF-8': 'Документ должен быть в кодировке UTF-8',
  'The document stops being JSON at line {}, column {} (character {})':
    'Документ перестаёт быть JSON на строке {}, в колонке {} (символ {})',
  'The event store does not answer; try again a little later':
    'Хранилище событий не отвечает; повторите немного позже',
  'The id is given by the server; leave it out': 'Идентификатор выдаёт сервер; не указывайте его',
  'The id must be the one of the path': 'Идентификатор должен быть таким же, как в пути',
  'The image is changed by POST /clients/{id}/switch?targetImage=':
    'Образ меняется через POST /clients/{id}/switch?targetImage=',
  'The last day of use is changed by PATCH /clients/{id}/expire_date':
    'Последний день использования меняется через PATCH /clients/{id}/expire_date',
  'The last day of use is changed by PATCH /clients/{id}/expire_date, with a reason':
    'Последний день использования меняется через PATCH /clients/{id}/expire_date, с указанием причины',
  'The maintenance page and its message are set by POST /clients/{id}/maintain_enable and /clients/{id}/maintain_disable':
    'Страница обслуживания и её сообщение задаются через POST /clients/{id}/maintain_enable и /clients/{id}/maintain_disable',
  'The maintenance page is set by POST /clients/{id}/maintain_enable and /clients/{id}/maintain_disable':
    'Страница обслуживания задаётся через POST /clients/{id}/maintain_enable и /clients/{id}/maintain_disable',
  "The owner's login is given once, by POST /clients/create":
    'Логин владельца задаётся один раз, через POST /clients/create',
  "The owner's password is set by POST /clients/owner_password":
    'Пароль владельца задаётся через POST /clients/owner_password',
  'The password is not kept for a repetition: send it again (POST /clients/owner_password)':
    'Пароль для повтора не хранится: отправьте его ещё раз (POST /clients/owner_password)',
  'The position is not a decimal number': 'Позиция не является десятичным числом',
  'The query failed; see the log entry {}': 'Запрос не удался; см. запись журнала {}',
  'The query has a percent-encoding that is not valid': 'В запросе неверное процентное кодирование',
  'The query waited too long for its turn; try again': 'Запрос слишком долго ждал своей очереди; повторите',
  'The question has no request': 'В вопросе нет запроса',
  'The question is not JSON': 'Вопрос не является JSON',
  'The question {} is too large to be sent': 'Вопрос {} слишком велик для отправки',
  'The quick start is set by PATCH /clients/{id}/settings':
    'Быстрый старт задаётся через PATCH /clients/{id}/settings',
  'The read models are being built from the events; try again a little later':
    'Модели чтения строятся по событиям; повторите немного позже',
  'The read models are behind what the query needs; try again a little later':
    'Модели чтения ещё не дошли до того, что нужно запросу; повторите немного позже',
  'The request could not be read': 'Запрос не удалось прочесть',
  'The server could not be asked for its images: {}': 'Сервер не удалось спросить об образах: {}',
  'The server could not be asked {}: {}': 'Сервер не удалось спросить {}: {}',
  'The server is being prepared': 'Идёт подготовка сервера',
  'The slug is given once, by POST /clients/create; another name can be added to aliases':
    'Имя задаётся один раз, через POST /clients/create; другое имя можно добавить в aliases',
  'The tutorial is set by PATCH /clients/{id}/settings':
    'Краткое обучение задаётся через PATCH /clients/{id}/settings',
  'There is a server "{}" already': 'Сервер "{}" уже есть',
  'The answer is too large to be sent: ask for fewer resources on a page':
    'Ответ слишком велик для отправки: запросите меньше записей на странице',
  'The command has a name that {} does not know': 'У команды имя, которого не знает {}',
  'The command has {} bytes; {} is the limit': 'В команде байтов: {}; предел {}',
  'The command is not JSON': 'Команда не является JSON',
  'The command stands under the subject of another command': 'Команда стоит в теме другой команды',
  'The command was given up because {}': 'От команды отказались: {}',
  'it failed too often': 'она слишком часто завершалась сбоем',
  'it was begun too often without an end': 'её слишком часто начинали и не завершали',
  'The configuration is made anew; a new container takes the place of the old one without a gap when it needs that':
    'Конфигурация создаётся заново; если для неё нужен новый контейнер, он заменит прежний без перерыва',
  "The proxy takes up the client's names and limits of requests; its container goes on running":
    'Прокси принимает имена клиента и ограничения запросов; контейнер продолжает работать',
  'The server is prepared again': 'Сервер подготавливается заново',
  'There is no backup {}': 'Резервной копии {} нет',
  'There is no client with this id': 'Клиента с таким id нет',
  'There is no server with this id': 'Сервера с таким id нет',
  'There is no such client': 'Такого клиента нет',
  'There is no such operation': 'Такой операции нет',
  'There is no such server': 'Такого сервера нет',
  'There is no such {}': 'Нет ничего подходящего: {}',
  'There is nothing under this path': 'По этому пути ничего нет',
  'There is nothing with this id': 'С таким id ничего нет',
  'There was no such client at that moment': 'В тот момент такого клиента не было',
  'This client was deleted': 'Этот клиент удалён',
  'This is not the password in force': 'Это не действующий пароль',
  'This key was sent with another request within the last 24 hours; use a new one':
    'Этот ключ за последние 24 часа уже отправляли с другим запросом; возьмите новый',
  'This path acts; it is not fetched in advance': 'Этот путь действует; заранее он не загружается',
  'This server was removed': 'Этот сервер удалён',
  'Too many log streams are open': 'Открыто слишком много потоков журналов',
  'Too many streams of changes are open': 'Открыто слишком много потоков изменений',
  'Too many logins at the same time': 'Слишком много входов одновременно',
  'Too many queries wait; try again': 'В очереди слишком много запросов; повторите',
  'Too many streams of containers are open': 'Открыто слишком много потоков контейнеров',
  'Too many streams of servers are open': 'Открыто слишком много потоков серверов',
  'Too many wrong passwords came from this address; try again in {} s':
    'С этого адреса пришло слишком много неверных паролей; повторите через {} с',
  'What it has made was taken back and its slug is free again: send the creation anew (POST /clients/create)':
    'Сделанное возвращено, имя снова свободно: отправьте создание заново (POST /clients/create)',
  'Whether a mail is sent after the creation is said once, by POST /clients/create':
    'Отправлять ли письмо после создания, указывают один раз, через POST /clients/create',
  'Whether it is there can not be told while the event store does not answer':
    'Пока хранилище событий не отвечает, нельзя сказать, есть ли это',
  "has {} bytes in UTF-8 and may have at most {}: the application's hash ignores what comes after":
    'в UTF-8 занимает байтов: {}, а можно не больше {}: дальше хеш приложения не смотрит',
  'for the cloud settings': 'о настройках облака',
  'for the output of the container': 'о выводе контейнера',
  'is not a cursor that a log has given out': 'не является курсором, который выдал журнал',
  'is not valid': 'недопустимо',
  'must be Latin letters, digits and characters of e-mail addresses, no blanks, like "o\'brien@lab.example.org"':
    'должно состоять из латинских букв, цифр и символов адресов почты, без пробелов, например "o\'brien@lab.example.org"',
  'must be a DNS name of labels of a-z, 0-9 and inner hyphens, at most 190 characters, like "lab.example.org"':
    'должно быть именем DNS из частей с a-z, 0-9 и дефисами внутри, не длиннее 190 символов, например "lab.example.org"',
  'must be a Docker image: a name in lower case, then perhaps a tag or digest, like "registry.example.org:5000/alfa/client:1.4"':
    'должно быть образом Docker: имя строчными буквами, затем, возможно, метка или дайджест, например "registry.example.org:5000/alfa/client:1.4"',
  'must be a day like 2027-12-31': 'должно быть днём вида 2027-12-31',
  'must be a host name': 'должно быть именем хоста',
  'must be a host name of letters, digits and inner hyphens, at most {} characters in its ASCII form, like "lab.example.org"':
    'должно быть именем хоста из букв, цифр и дефисов внутри, не длиннее {} символов в форме ASCII, например "lab.example.org"',
  'must be a host name or an IP address without brackets, like "cloud-1.example.org"':
    'должно быть именем хоста или IP-адресом без скобок, например "cloud-1.example.org"',
  'must be a host name, not an IP address, like "lab.example.org"':
    'должно быть именем хоста, а не IP-адресом, например "lab.example.org"',
  'must be a host name, not an IP address: its last label is a number; like "lab.example.org"':
    'должно быть именем хоста, а не IP-адресом: его последняя часть — число; например "lab.example.org"',
  'must be a moment like 2026-11-22T18:00:00Z': 'должно быть моментом вида 2026-11-22T18:00:00Z',
  'must be a public host name: one below localhost is for clients of a server whose domain lies there':
    'должно быть публичным именем хоста: имена внутри localhost — для клиентов сервера, домен которого лежит там же',
  'must be an account of the machine: a-z or _, then a-z, 0-9, _ and hyphens, like "deploy"':
    'должно быть учётной записью машины: a-z или _, затем a-z, 0-9, _ и дефисы, например "deploy"',
  'must be an e-mail address like lab@example.org, Latin letters before the @, a domain of any script after it':
    'должно быть адресом почты вида lab@example.org: латиница перед @, домен любого письма после',
  'must be an id in lower case like "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"':
    'должно быть id строчными буквами, например "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"',
  'must be an object': 'должно быть объектом',
  'must be at least {}': 'должно быть не меньше {}',
  'must be at most {}': 'должно быть не больше {}',
  'must be one line with more than blanks and without control characters, like "Laboratory No. 1"':
    'должно быть одной строкой, не только из пробелов и без управляющих символов, например "Laboratory No. 1"',
  'must be one of {}': 'должно быть одним из: {}',
  'must be sealed, like "v1.transport.c2VhbGVk"': 'должно быть запечатано, например "v1.transport.c2VhbGVk"',
  'must be text with more than blanks, without control characters but line breaks, like "Back at 18:00"':
    'должно быть текстом не только из пробелов, из управляющих символов допустимы лишь переводы строк, например "Back at 18:00"',
  'must be a host key without a comment, or its fingerprint, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"':
    'ожидается ключ хоста без комментария или его отпечаток, например "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"',
  'must be the meta.cursor of an answer before, like "2026-11-22T18:00:00.123456789Z"':
    'должно быть meta.cursor прежнего ответа, например "2026-11-22T18:00:00.123456789Z"',
  'must be the meta.cursor of an answer before, like "1f3a9c02-8123"':
    'должно быть meta.cursor прежнего ответа, например "1f3a9c02-8123"',
  'must be the meta.cursor of an answer before, like "8-0"':
    'должно быть meta.cursor прежнего ответа, например "8-0"',
  'must be without colon, blanks and control characters, like "admin"':
    'должно быть без двоеточия, пробелов и управляющих символов, например "admin"',
  'must be without control characters, like "first lab"':
    'должно быть без управляющих символов, например "first lab"',
  'must be without line breaks and other control characters, like "Blue-Kettle-42"':
    'должно быть без переводов строк и других управляющих символов, например "Blue-Kettle-42"',
  'must be {"type": "{}", "id": …}': 'должно быть {"type": "{}", "id": …}',
  'must be {}': 'должно быть {}',
  'must begin with a letter a-z, then have a-z, 0-9 and single hyphens, not at the end, at most 40 characters, like "lab-one"':
    'должно начинаться с буквы a-z, дальше a-z, 0-9 и одиночные дефисы, не в конце, не длиннее 40 символов, например "lab-one"',
  'must have at least 1 character': 'должно содержать хотя бы 1 символ',
  'must have at least {} characters': 'должно быть не короче {} символов',
  'must have at most {} characters': 'должно быть не длиннее {} символов',
  'must have at most {} entries': 'должно содержать не больше {} элементов',
  'must have two labels at least, like "lab.example.org"':
    'должно состоять не меньше чем из двух частей, например "lab.example.org"',
  'must not hold the same entry twice': 'не должно содержать один элемент дважды',
  'must not lie in {}, which Alfa Cloud uses itself, but be a name like "lab.example.org"':
    'не должно лежать в {}, которую Alfa Cloud использует сам, а быть именем вида "lab.example.org"',
  'must not lie in {}, which leads to no host, but be a name like "lab.example.org"':
    'не должно лежать в {}, которая не ведёт ни к какому хосту, а быть именем вида "lab.example.org"',
  "{} can't carry media type parameters other than ext and profile":
    '{} не может иметь параметров, кроме ext и profile',
  '{} clients live on the server': 'На сервере клиентов: {}',
  '{} is not for this path': '{} не для этого пути',
  '{} lies before today, {}': '{} раньше сегодняшнего дня, {}',
  '{} lies before today, {}: the client would be blocked at once. Send "confirm": true if that is meant':
    '{} раньше сегодняшнего дня, {}: клиент сразу был бы заблокирован. Если так и нужно, отправьте "confirm": true',
  'must be array': 'должно быть списком',
  'must be boolean': 'должно быть true или false',
  'must be integer': 'должно быть целым числом',
  'must be null': 'должно быть null',
  'must be number': 'должно быть числом',
  'must be object': 'должно быть объектом',
  'must be string': 'должно быть строкой',
  'The image of this client was never switched': 'Образ этого клиента ещё не меняли',
  'Image {} is on none of the servers, or is no client image':
    'Образа {} нет ни на одном сервере, или это не образ клиента',
  'No server could be asked whether it has image {}':
    'Ни один сервер не удалось спросить, есть ли на нём образ {}',
  'Server {} does not answer: {}': 'Сервер {} не отвечает: {}',
  'Server {} has not been reached for {} s, so nothing was begun there: {}':
    'Сервер {} недоступен уже {} с, поэтому там ничего не начато: {}',
  '{}: {} % are used, {} GiB are free': '{}: занято {} %, свободно {} ГиБ',
  '{}: {} % of the inodes are used': '{}: занято {} % inode',
  '{} % of {} GiB are used': 'занято {} % из {} ГиБ',
  "The server's clock is {} s ahead": 'Часы сервера спешат на {} с',
  "The server's clock is {} s behind": 'Часы сервера отстают на {} с',
  '{} of {} clients do not answer: {}': 'Не отвечают {} из {} клиентов: {}',
  'None of {} servers answers': 'Не отвечает ни один из {} серверов',
  'The server answers': 'Сервер отвечает',
};
