import {
  defaultLanguage,
  type Fault,
  type FaultCode,
  faultCatalogue,
  type FaultKind,
  type Language,
  type Message,
  detailInWords,
  told,
  type Words,
} from '@alfa-cloud/contracts';

/** HTTP status of every kind of fault that a command or a query can be answered with. The one place where it is chosen. */
export const statusOfKind: Readonly<Record<FaultKind, number>> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  gone: 410,
  not_supported: 501,
  unavailable: 503,
  internal: 500,
};

/** What the gateway itself finds wrong with a request before anything inside is asked. */
export const requestFaults = {
  malformed_json: { status: 400, title: 'Document is not valid JSON', titleRu: 'Документ не является JSON' },
  malformed_request: { status: 400, title: 'Request is malformed', titleRu: 'Запрос составлен неверно' },
  malformed_document: {
    status: 400,
    title: 'Document is not a JSON:API document',
    titleRu: 'Документ не является документом JSON:API',
  },
  unknown_parameter: {
    status: 400,
    title: 'Query parameter is not known',
    titleRu: 'Неизвестный параметр запроса',
  },
  repeated_parameter: {
    status: 400,
    title: 'Query parameter is given more than once',
    titleRu: 'Параметр запроса указан несколько раз',
  },
  invalid_parameter: {
    status: 400,
    title: 'Query parameter is not valid',
    titleRu: 'Недопустимый параметр запроса',
  },
  invalid_header: { status: 400, title: 'Header is not valid', titleRu: 'Недопустимый заголовок' },
  credentials_required: { status: 401, title: 'Credentials are required', titleRu: 'Нужны учётные данные' },
  signature_refused: {
    status: 401,
    title: 'Signature is missing or wrong',
    titleRu: 'Подписи нет, или она неверна',
  },
  address_not_allowed: {
    status: 403,
    title: 'Source address is not allowed',
    titleRu: 'Адрес отправителя не разрешён',
  },
  origin_not_allowed: { status: 403, title: 'Origin is not allowed', titleRu: 'Источник не разрешён' },
  prefetch_refused: {
    status: 403,
    title: 'Actions are not fetched in advance',
    titleRu: 'Действия не загружаются заранее',
  },
  client_generated_id: {
    status: 403,
    title: 'Ids are given by the server',
    titleRu: 'Идентификаторы выдаёт сервер',
  },
  method_not_allowed: { status: 405, title: 'Method is not allowed', titleRu: 'Метод не разрешён' },
  not_acceptable: { status: 406, title: 'No acceptable media type', titleRu: 'Нет подходящего типа ответа' },
  request_timeout: {
    status: 408,
    title: 'Request did not arrive in time',
    titleRu: 'Запрос не пришёл вовремя',
  },
  type_not_accepted: {
    status: 409,
    title: 'Resource type does not belong here',
    titleRu: 'Этот тип ресурса здесь не принимается',
  },
  id_not_accepted: { status: 409, title: 'Id does not belong here', titleRu: 'Этот id здесь не принимается' },
  payload_too_large: { status: 413, title: 'Document is too large', titleRu: 'Документ слишком велик' },
  unsupported_media_type: {
    status: 415,
    title: 'Media type is not supported',
    titleRu: 'Тип содержимого не поддерживается',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many failed attempts',
    titleRu: 'Слишком много неудачных попыток',
  },
  headers_too_large: { status: 431, title: 'Headers are too large', titleRu: 'Заголовки слишком велики' },
  not_counted: {
    status: 503,
    title: 'Users could not be counted',
    titleRu: 'Пользователей не удалось подсчитать',
  },
  busy: {
    status: 503,
    title: 'Too much is going on at the moment',
    titleRu: 'Сейчас слишком много запросов',
  },
} as const satisfies Record<string, { status: number; title: string; titleRu: string }>;

export type RequestFaultCode = keyof typeof requestFaults;

/** Place of a problem in the request: JSON pointer into the document, name of a query parameter, or of a header. */
export interface ProblemSource {
  pointer?: string;
  parameter?: string;
  header?: string;
}

/** One thing wrong, before it is put into the form of JSON:API. */
export interface Problem {
  code: FaultCode | RequestFaultCode;
  /** In English. */
  detail: string;
  /** The same for every language. Default: nothing stands in it, and its English words are its template. */
  message?: Message;
  source?: ProblemSource;
  meta?: Record<string, unknown>;
}

/** A request that the gateway answers with problems. */
export class RequestRefused extends Error {
  override name = 'RequestRefused';
  readonly problems: readonly Problem[];
  /** Header fields that belong to the answer, e.g. `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(problems: readonly Problem[], headers: Readonly<Record<string, string>> = {}) {
    super(problems.map((problem) => `${problem.code}: ${problem.detail}`).join('; '));
    this.problems = problems;
    this.headers = headers;
  }
}

/** Shorthand for a refusal by one problem. */
export const refuse = (
  code: Problem['code'],
  detail: string | Message,
  source?: ProblemSource,
  headers?: Readonly<Record<string, string>>,
): RequestRefused =>
  new RequestRefused([{ code, ...told(detail), ...(source === undefined ? {} : { source }) }], headers);

/** True for a {@link RequestRefused} of any realm. */
export const isRequestRefused = (error: unknown): error is RequestRefused =>
  typeof error === 'object' && error !== null && 'problems' in error && 'headers' in error;

/** Faults of form: in a query they are told as the gateway tells its own. */
const formFaults: readonly FaultCode[] = ['validation_failed', 'required', 'unknown_attribute'];

/** A fault told by a command handler or a query as a problem of the request. */
export const problemOfFault = (fault: Fault): Problem => ({
  ...(fault.parameter !== undefined && formFaults.includes(fault.code)
    ? { code: 'invalid_parameter', ...toldAbout(fault.parameter, fault) }
    : { code: fault.code, ...told(fault.message ?? fault.detail) }),
  ...(fault.parameter !== undefined
    ? { source: { parameter: fault.parameter } }
    : fault.pointer !== undefined
      ? { source: { pointer: fault.pointer } }
      : {}),
  ...(fault.meta === undefined ? {} : { meta: fault.meta }),
});

/** The detail of a fault with the name of what it is about before it. */
export const toldAbout = (
  name: string,
  { detail, message }: Pick<Fault, 'detail' | 'message'>,
): Pick<Problem, 'detail' | 'message'> =>
  told({ ...(message ?? { template: detail, values: [] }), about: name });

const entryOf = (code: string): { status: number; title: Words } => {
  if (Object.hasOwn(requestFaults, code)) {
    const { status, title, titleRu } = requestFaults[code as RequestFaultCode];
    return { status, title: { en: title, ru: titleRu } };
  }
  const known = Object.hasOwn(faultCatalogue, code)
    ? faultCatalogue[code as FaultCode]
    : faultCatalogue.internal;
  return { status: statusOfKind[known.kind], title: { en: known.title, ru: known.titleRu } };
};

/** A JSON:API error object. */
export interface ErrorObject {
  status: string;
  code: string;
  title: string;
  detail: string;
  source?: ProblemSource;
  meta?: Record<string, unknown>;
}

/**
 * Problems as the error objects of an answer and the status of the whole.
 * Problems of different statuses are summed up as 400, or as the highest one when it is the server's fault.
 */
export const errorsOf = (
  problems: readonly Problem[],
  language: Language = defaultLanguage,
): { status: number; errors: ErrorObject[] } => {
  const statuses = problems.map((problem) => entryOf(problem.code).status);
  const highest = Math.max(...statuses);
  const uniform = statuses.every((status) => status === highest);
  return {
    status: uniform || highest >= 500 ? highest : 400,
    errors: problems.map((problem) => {
      const { code, source, meta } = problem;
      const { status, title } = entryOf(code);
      return {
        status: String(status),
        code,
        title: title[language],
        detail: detailInWords(language, problem),
        ...(source === undefined ? {} : { source }),
        ...(meta === undefined ? {} : { meta }),
      };
    }),
  };
};
