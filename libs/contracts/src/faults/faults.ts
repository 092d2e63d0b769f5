import { Type, type Static } from 'typebox';
import { Message, messageInWords } from '../words/message.ts';
import { joined, reasonOf } from '../words/reason.ts';
import type { Language } from '../words/words.ts';

/** How a fault is answered; the HTTP status is chosen from it in one place, at the gateway. */
export const FaultKind = Type.Union([
  Type.Literal('invalid'),
  Type.Literal('not_found'),
  Type.Literal('conflict'),
  Type.Literal('gone'),
  Type.Literal('not_supported'),
  Type.Literal('unavailable'),
  Type.Literal('internal'),
]);
export type FaultKind = Static<typeof FaultKind>;

/**
 * Every code that a command, a query or the gateway can answer with, once: its kind and its title (JSON:API: the same for every occurrence), in English and in Russian.
 */
export const faultCatalogue = {
  validation_failed: { kind: 'invalid', title: 'Value is not valid', titleRu: 'Недопустимое значение' },
  unknown_attribute: { kind: 'invalid', title: 'Attribute is not known', titleRu: 'Неизвестный атрибут' },
  required: { kind: 'invalid', title: 'Value is required', titleRu: 'Нужно значение' },
  slug_reserved: { kind: 'invalid', title: 'Slug is reserved', titleRu: 'Имя зарезервировано' },
  expire_date_in_past: {
    kind: 'invalid',
    title: 'Expiry date lies in the past',
    titleRu: 'Последний день использования в прошлом',
  },
  image_not_on_server: {
    kind: 'invalid',
    title: 'Image is not to be had',
    titleRu: 'Образ взять неоткуда',
  },
  image_name_taken: {
    kind: 'conflict',
    title: 'Name of the image belongs to another one',
    titleRu: 'Имя образа принадлежит другому образу',
  },
  host_unknown: {
    kind: 'invalid',
    title: 'Host name is not known',
    titleRu: 'Имя хоста неизвестно',
  },
  connection_failed: {
    kind: 'invalid',
    title: 'Server does not answer over ssh',
    titleRu: 'Сервер не отвечает по ssh',
  },
  host_key_differs: {
    kind: 'invalid',
    title: 'Server shows another host key',
    titleRu: 'Сервер показывает другой ключ хоста',
  },
  login_refused: {
    kind: 'invalid',
    title: 'Server does not let this user in with this key',
    titleRu: 'Сервер не впускает этого пользователя с этим ключом',
  },
  key_unreadable: {
    kind: 'invalid',
    title: 'Private key can not be read',
    titleRu: 'Закрытый ключ не читается',
  },
  no_host_key: {
    kind: 'conflict',
    title: 'Server shows no host key',
    titleRu: 'Сервер не показывает ключа хоста',
  },
  too_many_keys: { kind: 'conflict', title: 'Too many key pairs', titleRu: 'Слишком много пар ключей' },
  too_many_webhooks: { kind: 'conflict', title: 'Too many webhooks', titleRu: 'Слишком много вебхуков' },
  key_unknown: { kind: 'invalid', title: 'Key pair does not exist', titleRu: 'Такой пары ключей нет' },
  passphrase_required: {
    kind: 'invalid',
    title: 'Private key needs a passphrase',
    titleRu: 'Закрытому ключу нужен пароль',
  },
  passphrase_wrong: {
    kind: 'invalid',
    title: 'Passphrase of the private key is wrong',
    titleRu: 'Пароль закрытого ключа неверен',
  },
  docker_missing: {
    kind: 'invalid',
    title: 'No Docker Engine on the server',
    titleRu: 'На сервере нет Docker Engine',
  },
  docker_not_allowed: {
    kind: 'invalid',
    title: 'User may not use Docker',
    titleRu: 'Пользователю нельзя работать с Docker',
  },
  docker_not_answering: {
    kind: 'invalid',
    title: 'Docker Engine does not answer',
    titleRu: 'Docker Engine не отвечает',
  },
  docker_too_old: { kind: 'invalid', title: 'Docker is too old', titleRu: 'Docker слишком старый' },
  clock_wrong: {
    kind: 'invalid',
    title: 'Clock of the server is wrong',
    titleRu: 'Часы сервера идут неверно',
  },
  root_refused: {
    kind: 'invalid',
    title: 'Directory of Alfa Cloud can not be written',
    titleRu: 'Каталог Alfa Cloud недоступен для записи',
  },
  repository_not_set: {
    kind: 'conflict',
    title: 'No repository is set',
    titleRu: 'Репозиторий не задан',
  },
  repository_not_found: {
    kind: 'invalid',
    title: 'There is no such repository',
    titleRu: 'Такого репозитория нет',
  },
  repository_unreachable: {
    kind: 'invalid',
    title: 'Host of the repository does not answer',
    titleRu: 'Хост репозитория не отвечает',
  },
  repository_login_refused: {
    kind: 'invalid',
    title: 'Repository does not let us in',
    titleRu: 'Репозиторий нас не впускает',
  },
  repository_host_key_changed: {
    kind: 'invalid',
    title: 'Host of the repository shows another host key',
    titleRu: 'Хост репозитория показывает другой ключ хоста',
  },
  repository_certificate_refused: {
    kind: 'invalid',
    title: 'Certificate of the repository is not trusted',
    titleRu: 'Сертификату репозитория нет доверия',
  },
  repository_empty: { kind: 'invalid', title: 'Repository is empty', titleRu: 'Репозиторий пуст' },
  branch_missing: {
    kind: 'invalid',
    title: 'Branch is not in the repository',
    titleRu: 'Такой ветки в репозитории нет',
  },
  repository_changed_meanwhile: {
    kind: 'conflict',
    title: 'Repository was changed meanwhile',
    titleRu: 'Репозиторий тем временем изменили',
  },
  repository_failed: {
    kind: 'invalid',
    title: 'Repository can not be read',
    titleRu: 'Репозиторий не читается',
  },
  idempotency_key_reused: {
    kind: 'invalid',
    title: 'Idempotency key was used for another request',
    titleRu: 'Ключ идемпотентности уже использован для другого запроса',
  },
  server_unknown: { kind: 'invalid', title: 'Server does not exist', titleRu: 'Такого сервера нет' },
  server_not_stage: {
    kind: 'invalid',
    title: 'Server is no stage server',
    titleRu: 'Сервер не тестовый',
  },
  server_not_ready: { kind: 'conflict', title: 'Server is not ready', titleRu: 'Сервер не готов' },
  server_not_active: { kind: 'conflict', title: 'Server is not active', titleRu: 'Сервер не активен' },
  server_full: { kind: 'conflict', title: 'Server has no capacity left', titleRu: 'На сервере нет мест' },
  server_draining: { kind: 'conflict', title: 'Server is being drained', titleRu: 'Сервер освобождается' },
  no_server_fits: {
    kind: 'conflict',
    title: 'No server can take the client',
    titleRu: 'Ни один сервер не может взять клиента',
  },
  no_build_server: {
    kind: 'conflict',
    title: 'No server can build',
    titleRu: 'Собирать не на чем',
  },
  server_name_taken: { kind: 'conflict', title: 'Server name is taken', titleRu: 'Название сервера занято' },
  slug_taken: { kind: 'conflict', title: 'Slug is taken', titleRu: 'Имя занято' },
  client_not_active: { kind: 'conflict', title: 'Client is not active', titleRu: 'Клиент не активен' },
  client_key_lost: { kind: 'conflict', title: 'Key of the client is lost', titleRu: 'Ключ клиента потерян' },
  operation_in_progress: {
    kind: 'conflict',
    title: 'Another operation is running',
    titleRu: 'Идёт другая операция',
  },
  mail_sent: { kind: 'conflict', title: 'Mail was sent already', titleRu: 'Письмо уже отправлено' },
  mail_in_hand: { kind: 'conflict', title: 'Mail is being sent', titleRu: 'Письмо отправляется' },
  operation_finished: { kind: 'conflict', title: 'Operation has ended', titleRu: 'Операция завершена' },
  client_has_no_previous_image: {
    kind: 'conflict',
    title: 'There is no image to go back to',
    titleRu: 'Нет прежнего образа',
  },
  image_in_use: {
    kind: 'conflict',
    title: 'Client runs from this image already',
    titleRu: 'Клиент уже работает из этого образа',
  },
  move_held: {
    kind: 'conflict',
    title: 'Former server still keeps the client',
    titleRu: 'Прежний сервер ещё хранит клиента',
  },
  move_not_held: {
    kind: 'conflict',
    title: 'Former server keeps nothing of this move',
    titleRu: 'Прежний сервер ничего не хранит от этого переезда',
  },
  already_there: {
    kind: 'conflict',
    title: 'Client lives on this server already',
    titleRu: 'Клиент уже на этом сервере',
  },
  architecture_differs: {
    kind: 'conflict',
    title: 'Servers are of different architectures',
    titleRu: 'У серверов разная архитектура',
  },
  database_older: {
    kind: 'conflict',
    title: 'Database of the server is older',
    titleRu: 'База данных сервера старее',
  },
  disk_too_small: {
    kind: 'conflict',
    title: 'Too little free disk space on the server',
    titleRu: 'На сервере мало свободного места',
  },
  transfer_impossible: {
    kind: 'conflict',
    title: 'Data can not be brought to another server',
    titleRu: 'Данные нельзя перенести на другой сервер',
  },
  alias_taken: { kind: 'conflict', title: 'Domain name is taken', titleRu: 'Доменное имя занято' },
  confirmation_required: {
    kind: 'invalid',
    title: 'Confirmation is required',
    titleRu: 'Нужно подтверждение',
  },
  owner_password_elsewhere: {
    kind: 'invalid',
    title: "Owner's password is set elsewhere",
    titleRu: 'Пароль владельца задаётся в другом месте',
  },
  set_elsewhere: {
    kind: 'invalid',
    title: 'Attribute is set elsewhere',
    titleRu: 'Атрибут задаётся в другом месте',
  },
  backup_unknown: { kind: 'invalid', title: 'Backup does not exist', titleRu: 'Такой резервной копии нет' },
  other_machine: {
    kind: 'conflict',
    title: 'Connection leads to another machine',
    titleRu: 'Подключение ведёт на другую машину',
  },
  server_is_local: {
    kind: 'conflict',
    title: 'Server is the machine of Alfa Cloud itself',
    titleRu: 'На сервере работает сам Alfa Cloud',
  },
  server_has_clients: {
    kind: 'conflict',
    title: 'Clients live on the server',
    titleRu: 'На сервере есть клиенты',
  },
  operation_not_finished: {
    kind: 'conflict',
    title: 'Operation has not ended',
    titleRu: 'Операция не завершена',
  },
  operation_not_begun: {
    kind: 'conflict',
    title: 'Operation has not begun',
    titleRu: 'Операция не начиналась',
  },
  operation_not_retryable: {
    kind: 'conflict',
    title: 'Operation can not be repeated',
    titleRu: 'Операцию нельзя повторить',
  },
  current_password_wrong: {
    kind: 'invalid',
    title: 'Current password is wrong',
    titleRu: 'Текущий пароль неверен',
  },
  password_too_long: { kind: 'invalid', title: 'Password is too long', titleRu: 'Пароль слишком длинный' },
  password_too_weak: { kind: 'invalid', title: 'Password is too weak', titleRu: 'Пароль слишком слабый' },
  credentials_changed_meanwhile: {
    kind: 'conflict',
    title: 'Credentials were changed meanwhile',
    titleRu: 'Учётные данные тем временем изменились',
  },
  not_found: { kind: 'not_found', title: 'Not found', titleRu: 'Не найдено' },
  gone: { kind: 'gone', title: 'Gone', titleRu: 'Удалено' },
  command_not_understood: {
    kind: 'invalid',
    title: 'Command could not be understood',
    titleRu: 'Команда не понята',
  },
  server_unreachable: {
    kind: 'unavailable',
    title: 'Server cannot be reached',
    titleRu: 'Сервер недоступен',
  },
  unavailable: {
    kind: 'unavailable',
    title: 'A part of the system does not answer',
    titleRu: 'Часть системы не отвечает',
  },
  internal: { kind: 'internal', title: 'Internal error', titleRu: 'Внутренняя ошибка' },
} as const satisfies Record<string, { kind: FaultKind; title: string; titleRu: string }>;

export type FaultCode = keyof typeof faultCatalogue;

/** One thing wrong with a request, with its place where it has one. */
export const Fault = Type.Object({
  code: Type.String(),
  /** In English. */
  detail: Type.String(),
  /** The same for every language. Absent: nothing stands in it, and its English words are its template. */
  message: Type.Optional(Message),
  /** JSON pointer into the request document, e.g. `/data/attributes/slug`. */
  pointer: Type.Optional(Type.String()),
  /** Name of the query parameter at fault. */
  parameter: Type.Optional(Type.String()),
  /** Facts for programs, e.g. the id of the operation that runs already. Never a secret. */
  meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Fault = Omit<Static<typeof Fault>, 'code'> & { code: FaultCode };

/** A request refused for a reason that its sender can understand. Carries every fault found, never a secret. */
export class Rejection extends Error {
  override name = 'Rejection';
  readonly faults: readonly Fault[];

  constructor(faults: readonly [Fault, ...Fault[]] | readonly Fault[]) {
    super(faults.map((fault) => `${fault.code}: ${fault.detail}`).join('; '));
    this.faults = faults;
  }
}

/** Shorthand for a rejection by one fault. */
export const reject = (
  code: FaultCode,
  detail: string | Message,
  source: Omit<Fault, 'code' | 'detail' | 'message'> = {},
): Rejection => new Rejection([{ code, ...told(detail), ...source }]);

/** A detail of a fault: its English words and, where something stands in them, what other languages need. */
export const told = (detail: string | Message): Pick<Fault, 'detail' | 'message'> => {
  const { reason, ...rest } = reasonOf(detail);
  return { detail: reason, ...rest };
};

/** The message that a stored detail stands for. */
export const messageTold = ({ detail, message }: Pick<Fault, 'detail' | 'message'>): Message =>
  message ?? { template: detail, values: [] };

/** The details of faults, one after the other. */
export const detailsOf = (faults: readonly Pick<Fault, 'detail' | 'message'>[]): Message =>
  joined(faults.map(messageTold), '; ');

/** The detail of a fault in a language. */
export const detailInWords = (language: Language, told: Pick<Fault, 'detail' | 'message'>): string =>
  messageInWords(language, messageTold(told));

/** True for a {@link Rejection} of any realm (Jest and workers have their own classes). */
export const isRejection = (error: unknown): error is Rejection =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  error.name === 'Rejection' &&
  'faults' in error;
