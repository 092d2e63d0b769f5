import type { Language } from '@alfa-cloud/contracts';

interface DocsWords {
  title: string;
  intro: string;
  contents: string;
  resources: string;
  errors: string;
  errorsIntro: string;
  parameters: string;
  request: string;
  answers: string;
  attributes: string;
  relationships: string;
  links: string;
  meta: string;
  example: string;
  values: string;
  name: string;
  type: string;
  meaning: string;
  status: string;
  code: string;
  required: string;
  optional: string;
  open: string;
  list: string;
  or: string;
  nothing: string;
  object: string;
  types: Readonly<Record<string, string>>;
}

/** What the page of the documentation says of its own; sentences about the API are those of the description, in English. */
export const words: { readonly [Each in Language]: DocsWords } = {
  en: {
    title: 'Alfa Cloud: the API',
    intro: 'JSON:API 1.1 over HTTP with Basic credentials. The same for programs:',
    contents: 'Contents',
    resources: 'Resources',
    errors: 'Errors',
    errorsIntro: 'Every error has a code for programs that does not change.',
    parameters: 'Parameters',
    request: 'Request',
    answers: 'Answers',
    attributes: 'Attributes',
    relationships: 'Relationships',
    links: 'Links',
    meta: 'Meta',
    example: 'Example',
    values: 'Values',
    name: 'Name',
    type: 'Type',
    meaning: 'Meaning',
    status: 'Status',
    code: 'Code',
    required: 'required',
    optional: 'not always there',
    open: 'without credentials',
    list: 'list of',
    or: 'or',
    nothing: 'nothing',
    object: 'object',
    types: {
      string: 'text',
      integer: 'whole number',
      number: 'number',
      boolean: 'true or false',
      null: 'null',
      'date-time': 'moment, RFC 3339',
      date: 'day, YYYY-MM-DD',
      uuid: 'id',
    },
  },
  ru: {
    title: 'Alfa Cloud: API',
    intro: 'JSON:API 1.1 по HTTP с учётными данными Basic. То же для программ:',
    contents: 'Содержание',
    resources: 'Ресурсы',
    errors: 'Ошибки',
    errorsIntro: 'У каждой ошибки есть код для программ, который не меняется.',
    parameters: 'Параметры',
    request: 'Запрос',
    answers: 'Ответы',
    attributes: 'Атрибуты',
    relationships: 'Связи',
    links: 'Ссылки',
    meta: 'Мета',
    example: 'Пример',
    values: 'Значения',
    name: 'Имя',
    type: 'Тип',
    meaning: 'Значение',
    status: 'Статус',
    code: 'Код',
    required: 'обязательно',
    optional: 'есть не всегда',
    open: 'без учётных данных',
    list: 'список:',
    or: 'или',
    nothing: 'ничего',
    object: 'объект',
    types: {
      string: 'текст',
      integer: 'целое число',
      number: 'число',
      boolean: 'true или false',
      null: 'null',
      'date-time': 'момент, RFC 3339',
      date: 'день, ГГГГ-ММ-ДД',
      uuid: 'id',
    },
  },
};
