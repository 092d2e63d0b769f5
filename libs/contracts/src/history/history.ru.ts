import { unicodeDomain } from '../values/domain-names.ts';
import type { MailTemplate } from '../attributes/mails.ts';
import type { ClientEvent } from '../events/clients.ts';
import type { HostKeyOwner } from '../attributes/servers.ts';
import type { RecordedHealth } from '../events/servers.ts';
import { titleAskedFor, titleOf } from '../operations/titles.ts';
import type { RequestLimits } from '../values/primitives.ts';
import { alertTitle } from './alert-titles.ts';
import type { Alert, Broken, Ending, historyEn, KnownKind } from './history.en.ts';
import type { CatalogueLike } from '../words/words.ts';

type Purpose = Extract<ClientEvent, { type: 'ClientBackedUp' }>['data']['kind'];

// Titles are of every gender, so what came of an operation follows a colon.
const endings: { readonly [Each in Ending]: string } = {
  ok: 'успешно',
  error: 'ошибка',
  cancelled: 'отменено',
};

const keyOwners: { readonly [Each in HostKeyOwner]: string } = {
  server: 'сервера',
  jump: 'промежуточного сервера',
};

const purposes: { readonly [Each in Purpose]: string } = {
  manual: 'по запросу',
  scheduled: 'по расписанию',
  migration: 'перед миграцией',
  restore: 'перед восстановлением',
  final: 'перед удалением',
  move: 'перед отменой переезда',
};

const health: { readonly [Each in RecordedHealth]: string } = {
  ok: 'Сервер исправен',
  degraded: 'Сервер обслуживает клиентов, но требует внимания',
  down: 'Сервер не обслуживает своих клиентов',
};

const mails: { readonly [Each in MailTemplate]: string } = {
  success: 'Письмо с доступом к облаку',
  expire: 'Письмо об окончании срока',
};

const title = (kind: KnownKind): string => (kind === null ? 'Операция' : titleOf(kind).ru);

const namesMax = 5;
const broken = (words: string, warnings: Broken): string => {
  if (warnings.length === 0) return '';
  const names = warnings.slice(0, namesMax).map(({ kind, name }) => `${kind} ${name}`);
  const more = warnings.length > namesMax ? ` и ещё ${warnings.length - namesMax}` : '';
  return `${words}: ${names.join(', ')}${more}`;
};

const about = (alert: Alert): string => (alert.about === null ? '' : ` (${alert.about})`);

const list = (parts: readonly (string | undefined)[]): string => {
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? 'ничего' : told.join('; ');
};

const requestLimits = ({ uploadMb, requestTimeoutS }: RequestLimits): string =>
  [
    uploadMb === undefined ? '' : `, загрузка файлов ${uploadMb} МиБ`,
    requestTimeoutS === undefined ? '' : `, запросы ${requestTimeoutS} с`,
  ].join('');

const inShort = (names: readonly string[]): string => {
  const more = names.length > namesMax ? ` и ещё ${names.length - namesMax}` : '';
  return names.length === 0 ? 'ни одного' : `${names.slice(0, namesMax).join(', ')}${more}`;
};

const onOff = (name: string, value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : `${name}: ${value ? 'показывать' : 'не показывать'}`;

const sendOrNot = (name: string, value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : `${name}: ${value ? 'отправлять' : 'не отправлять'}`;

const attributes: Readonly<Record<string, string>> = {
  name: 'название',
  email: 'адрес почты',
  notes: 'заметки',
  ownerLogin: 'логин владельца',
};

/** What the history says, in Russian. */
export const historyRu: CatalogueLike<typeof historyEn> = {
  clientAskedFor: ({ slug, image, expireDate }) =>
    `Запрошен клиент «${slug}»: образ ${image}, последний день использования ${expireDate}`,
  clientCreated: ({ image }) => `Клиент создан из образа ${image}`,
  operationBegun: ({ kind }) => `${title(kind)}: начато`,
  operationEnded: ({ kind, status }) => `${title(kind)}: ${endings[status]}`,
  cancelRequested: ({ kind }) => `${title(kind)}: запрошена отмена`,
  notBegun: ({ command }) => `${titleAskedFor(command).ru}: не начато`,
  manyBegun: ({ kind, toDo, leftOut }) => `${title(kind)}: начато, клиентов ${toDo}, пропущено ${leftOut}`,
  manyPlanned: ({ toDo, leftOut }) => `Клиентов ${toDo}, пропущено ${leftOut}`,
  expireDateChanged: ({ from, to }) =>
    `Последний день использования ${from <= to ? 'продлён' : 'перенесён на более ранний'}: с ${from} на ${to}`,
  maintenanceEnabled: ({ message }) =>
    `Страница обслуживания включена${message === null ? '' : `: «${message.replaceAll('\n', ' ')}»`}`,
  maintenanceDisabled: () => 'Страница обслуживания выключена',
  demoEnabled: () => 'Демонстрационные данные внесены',
  demoDisabled: () => 'Демонстрационные данные удалены',
  ownerPasswordChanged: () => 'Пароль владельца изменён',
  usersCounted: ({ users }) => `Пользователей: ${users}`,
  clientRebooted: () => 'Клиент перезапущен',
  clientChanged: ({ personalChanged, locale, limits, aliases, expiryWarnings }) => {
    const changes = list([
      ...personalChanged.map((name) => attributes[name] ?? name),
      locale && `язык ${locale}`,
      limits &&
        `ограничения ${limits.memoryMb} МиБ, процессоров ${limits.cpus}, процессов ${limits.pids}${requestLimits(limits)}`,
      aliases &&
        (aliases.length === 0
          ? 'без дополнительных имён'
          : `дополнительные имена ${aliases.map(unicodeDomain).join(', ')}`),
      sendOrNot('предупреждения об окончании срока', expiryWarnings),
    ]);
    return `Изменены атрибуты: ${changes}`;
  },
  cloudSettingsChanged: ({ quickStart, tutorial }) =>
    `Изменены настройки облака: ${list([onOff('быстрый старт', quickStart), onOff('краткое обучение', tutorial)])}`,
  cloudSettingsMended: ({ columns }) =>
    `Настройки облака в базе клиента отличались и исправлены: ${list(columns)}`,
  virtualHostMended: ({ was }) =>
    was === 'missing'
      ? 'Виртуального хоста не было на сервере, он возвращён'
      : 'Виртуальный хост на сервере был изменён кем-то другим и исправлен',
  imageSwitched: ({ from, to }) => `Образ сменён с ${from} на ${to}`,
  imageRenewed: ({ image, from, to }) => `Образ ${image} сменён с ${from} на ${to}`,
  containerReplaced: ({ image }) => `Контейнер заменён новым из образа ${image}`,
  clientMigrated: () => 'База данных обновлена',
  clientBackedUp: ({ backupId, kind, withStorage, keepUntil, warnings }) => {
    const content = withStorage ? 'базы и хранилища' : 'базы';
    const made = `Резервная копия ${backupId} ${content} сделана ${purposes[kind]}, хранится до ${keepUntil}`;
    return `${made}${broken('; не работает и сохранено только текстом', warnings)}`;
  },
  backupMoved: ({ backupId, server }) =>
    `Резервная копия ${backupId} перенесена на сервер «${server}», где она понадобилась`,
  backupRemoved: ({ backupId }) => `Резервная копия ${backupId} удалена`,
  clientRestored: ({ backupId, otherClient, warnings }) => {
    const whose = otherClient === null ? '' : ` клиента ${otherClient}`;
    const missing = broken('; не восстановлено или не работает', warnings);
    return `Данные восстановлены из резервной копии ${backupId}${whose}${missing}`;
  },
  clientMoved: ({ from, to, holdUntil }) =>
    `Клиент переехал с сервера «${from}» на сервер «${to}»; прежний хранит его до ${holdUntil}`,
  moveUndone: ({ from, to, backupId }) =>
    `Переезд отменён: клиент снова на сервере «${to}», каким он там был; что было на сервере «${from}» — в резервной копии ${backupId}`,
  moveReleased: ({ server }) => `Клиент удалён с сервера «${server}», который он покинул`,
  copyAskedFor: ({ slug, image, sourceClientId }) =>
    `Запрошена копия «${slug}» клиента ${sourceClientId}: образ ${image}`,
  clientCopied: ({ slug, copyId, serverId, again }) =>
    again
      ? `Снова скопирован в клиента «${slug}» (${copyId}) на тестовом сервере ${serverId}`
      : `Скопирован в клиента «${slug}» (${copyId}) на тестовом сервере ${serverId}`,
  copyRefreshed: ({ sourceClientId, image }) =>
    `Копия сделана заново из клиента ${sourceClientId}, образ ${image}`,
  clientDeleted: () => 'Клиент удалён',
  availabilityChanged: ({ available }) => {
    if (available === null) return 'Неизвестно, доступен ли клиент';
    return available ? 'Клиент доступен' : 'Клиент недоступен';
  },
  serverRegistered: ({ name, domain }) => `Сервер «${name}» зарегистрирован для ${unicodeDomain(domain)}`,
  serverReady: ({ dockerVersion, operatingSystem }) =>
    `Сервер готов: Docker ${dockerVersion}, ${operatingSystem}`,
  preparedAgain: () => `${title('server.prepare')}: начато снова`,
  serverHealth: (of) => health[of.health],
  alertRaised: (of) => `Тревога: ${alertTitle(of.alert, 'ru')}${about(of)}`,
  alertCleared: (of) => `Тревога снята: ${alertTitle(of.alert, 'ru')}${about(of)}`,
  serverMended: () => 'Отличавшееся на сервере исправлено',
  serverChanged: ({ name, role, domain, connection, active, capacity, proxy, limits }) => {
    const changes = list([
      name && `название «${name}»`,
      role && `роль ${role}`,
      domain && `домен ${unicodeDomain(domain)}`,
      connection && (connection.host === null ? 'локальное подключение' : `подключение к ${connection.host}`),
      connection && connection.jumpHost !== null
        ? `через промежуточный сервер ${connection.jumpHost}`
        : undefined,
      active === undefined ? undefined : active ? 'активен' : 'не активен',
      capacity && `мест для клиентов: ${capacity.clients}`,
      proxy && `порты ${[proxy.httpPort, proxy.httpsPort].filter((port) => port !== undefined).join(', ')}`,
      limits && `ограничения запросов${requestLimits(limits) || ' по умолчанию'}`,
    ]);
    return `Сервер изменён: ${changes}`;
  },
  hostKeyPinned: ({ of, fingerprint }) => `Ключ хоста ${keyOwners[of]} записан: ${fingerprint}`,
  hostKeyAccepted: ({ of, fingerprint }) =>
    `Ключ хоста ${keyOwners[of]} принят вместо прежнего: ${fingerprint}`,
  hostKeyRefused: ({ of, fingerprint, pinnedFingerprint }) =>
    `Показан другой ключ хоста (${fingerprint}), а не записанный ключ ${keyOwners[of]} (${pinnedFingerprint}); подключение отвергнуто`,
  serverDrained: ({ clients }) => `Операций на сервере больше нет; отвечающих клиентов: ${clients}`,
  serverRebooted: ({ clients, awayMs }) =>
    `Сервер перезагружен; всё вернулось через ${duration(awayMs)}, клиентов: ${clients}`,
  drainingBegun: () => 'Сервер освобождается: новые клиенты на него не попадают, нынешние должны переехать',
  drainingEnded: () => 'Освобождение сервера закончено: клиенты снова могут на него попадать',
  serverCleanedUp: (of) =>
    `Сервер очищен: удалено образов: ${of.images}${of.leftovers === 0 ? '' : `, контейнеров и сетей прерванных проверок: ${of.leftovers}`}; освобождено ${Math.round(of.freedBytes / 1e6)} МБ`,
  buildCommit: ({ commit, branch, subject, isReused }) =>
    `Коммит ${commit} ветки ${branch}: «${subject}»${isReused ? ', собран раньше: взят его образ' : ''}`,
  buildImage: ({ image, moving }) => `Образ ${image} собран и проверен; его называет ${moving}`,
  buildDistributed: ({ on, notOn }) =>
    `Образ на серверах: ${inShort(on)}${notOn.length === 0 ? '' : `; нет на: ${inShort(notOn)}`}`,
  repositorySet: ({ url, dev, prod }) => `Образы собираются из ${url}, ветки ${dev} (dev) и ${prod} (prod)`,
  repositoryHostKeyAccepted: ({ fingerprint }) => `Принят ключ хоста репозитория: ${fingerprint}`,
  sshKeyMade: ({ fingerprint }) => `Создана пара ключей для серверов: ${fingerprint}`,
  mailSent: ({ template, transport }) =>
    transport === 'smtp'
      ? `${mails[template]}: передано почтовому серверу`
      : `${mails[template]}: записано в файл, почтовый сервер не настроен`,
  mailGivenUp: ({ template }) => `${mails[template]}: не отправлено`,
  mailBounced: ({ template }) => `${mails[template]}: не доставлено`,
  webhookSet: ({ url, active }) => `Вебхук на ${url} задан${active ? '' : ', выключен'}`,
  webhookRemoved: () => 'Вебхук удалён',
  passwordLinkOpened: () => 'Пароль показан по одноразовой ссылке из письма',
  serverRemoved: () => 'Сервер удалён',
  credentialsChanged: ({ login }) =>
    `Пароль администратора изменён${login === null ? '' : `, новый логин «${login}»`}`,
  operation: ({ kind, status, durationMs }) => {
    if (status === null) return `${title(kind)}: начато`;
    const after = durationMs === null ? '' : ` за ${duration(durationMs)}`;
    return `${title(kind)}: ${endings[status]}${after}`;
  },
};

/** `340 мс`, `1,2 с`, `2 мин 5 с`. */
const duration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${milliseconds} мс`;
  if (milliseconds < 60_000) return `${String(Number((milliseconds / 1000).toFixed(1))).replace('.', ',')} с`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} мин ${seconds % 60} с`;
};
