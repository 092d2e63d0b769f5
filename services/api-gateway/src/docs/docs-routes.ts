import type { Language } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import type { ServerResponse } from 'node:http';
import { type Answer, type Route, route } from '../http/route.ts';
import type { Description } from './described.ts';
import { docsPage } from './page.ts';
import { style } from './style.ts';

const styleSheet = '/docs.css';
const none = Type.Object({}, { additionalProperties: false });

/** Nothing but the page and its own style: no script, no request to anywhere else. */
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The description of all paths for people, made of the one for programs. */
export const docsRoutes = (describe: () => unknown): Route[] => {
  const pages = new Map<Language, string>();
  const pageIn = (language: Language): string => {
    const known = pages.get(language) ?? docsPage(describe() as Description, language, styleSheet);
    pages.set(language, known);
    return known;
  };
  return [
    route({
      method: 'GET',
      path: '/docs',
      summary: 'This description for people, in the language of `Accept-Language`',
      answers: { 200: '' },
      mediaType: 'text/html',
      parameters: none,
      handle: async ({ language, method }) =>
        page(
          method,
          { 'Content-Type': 'text/html; charset=utf-8', 'Content-Language': language },
          pageIn(language),
        ),
    }),
    route({
      method: 'GET',
      path: styleSheet,
      summary: 'Style of the page',
      answers: { 200: '' },
      mediaType: 'text/css',
      parameters: none,
      handle: async ({ method }) => page(method, { 'Content-Type': 'text/css; charset=utf-8' }, style),
    }),
  ];
};

const page = (method: string, headers: Record<string, string>, body: string): Answer => ({
  async stream(response: ServerResponse) {
    response
      .writeHead(200, {
        ...headers,
        'Content-Length': Buffer.byteLength(body),
        'Content-Security-Policy': policy,
      })
      .end(method === 'HEAD' ? undefined : body);
  },
});
