import type { Locale } from '@alfa-cloud/contracts';
import { pageHtml, pageJson } from './page-text.ts';

/**
 * What the proxy itself answers, by status, to a request that does not reach an application. Answers of applications are passed on unchanged.
 */
const refusals = {
  400: {
    code: 'bad_request',
    ru: ['Запрос не понят', 'Проверьте адрес и попробуйте ещё раз.'],
    en: ['The request was not understood', 'Please check the address and try again.'],
  },
  404: {
    code: 'unknown_host',
    ru: ['Такого адреса нет', 'Проверьте имя сайта в адресе.'],
    en: ['There is no such address', 'Please check the name of the site in the address.'],
  },
  413: {
    code: 'upload_too_large',
    ru: ['Файл слишком большой', 'Загрузите файл поменьше или обратитесь к администратору.'],
    en: ['The upload is too large', 'Please upload a smaller file or contact the administrator.'],
  },
  414: {
    code: 'address_too_long',
    ru: ['Адрес слишком длинный', 'Откройте страницу заново по её обычному адресу.'],
    en: ['The address is too long', 'Please open the page anew by its usual address.'],
  },
  431: {
    code: 'headers_too_large',
    ru: ['Заголовки запроса слишком велики', 'Удалите файлы cookie этого сайта и попробуйте ещё раз.'],
    en: ['The headers of the request are too large', 'Please delete the cookies of this site and try again.'],
  },
  500: {
    code: 'proxy_failed',
    ru: ['Внутренняя ошибка', 'Пожалуйста, попробуйте немного позже.'],
    en: ['Internal error', 'Please try again a little later.'],
  },
  502: {
    code: 'application_down',
    ru: ['Приложение не отвечает', 'Пожалуйста, попробуйте немного позже.'],
    en: ['The application does not answer', 'Please try again a little later.'],
  },
  504: {
    code: 'application_too_slow',
    ru: ['Приложение не ответило вовремя', 'Пожалуйста, попробуйте немного позже.'],
    en: ['The application did not answer in time', 'Please try again a little later.'],
  },
} as const satisfies Record<number, Record<Locale, readonly [string, string]> & { code: string }>;

/**
 * Maps for nginx's context `http`, once: they choose the format and the text of an answer. A request that accepts JSON and not HTML gets
 * JSON. The language is the client's; for an unknown host, the visitor's.
 */
export const refusalMaps = (): string => `map $http_accept $alfa_format {
  default html;
  ~*text/html html;
  ~*application/([a-z0-9.-]+\\+)?json json;
}
map $alfa_format $alfa_type {
  default 'text/html; charset=utf-8';
  json application/json;
}
map $http_accept_language $alfa_language {
  default en;
  ~*^ru ru;
}
map $alfa_locale/$status/$alfa_format $alfa_refusal {
  default '';
${refusalLines().join('\n')}
}
`;

const refusalLines = (): string[] =>
  Object.entries(refusals).flatMap(([status, { code, ...words }]) =>
    (['ru', 'en'] as const).flatMap((locale) => {
      const [title, text] = words[locale];
      const page = { status: Number(status), code, title, text };
      return [
        `  ${locale}/${status}/html "${pageHtml(locale, page)}";`,
        `  ${locale}/${status}/json '${pageJson(page)}';`,
      ];
    }),
  );

/** No application has this path; a visitor who asks for it gets 404 from the proxy. */
export const refusalPath = '/.alfa/refusal';

/**
 * Lines of a `server` block that turn the proxy's own errors into pages. 494 is nginx's number for headers that are too large.
 * @param locale of the pages, a word or a variable
 * @param headers of every answer of the server: nginx does not pass a server's `add_header` on to a location that has its own
 */
export const refusalPages = (
  locale: Locale | '$alfa_language',
  headers: string,
): string => `  set $alfa_locale ${locale};
  error_page 400 404 413 414 500 502 504 ${refusalPath};
  error_page 494 =431 ${refusalPath};
  location = ${refusalPath} {
    internal;
${headers}    add_header X-Alfa-Page refusal always;
    add_header Cache-Control no-store always;
    add_header Content-Type $alfa_type always;
    types { }
    default_type '';
    return 200 $alfa_refusal;
  }
`;
