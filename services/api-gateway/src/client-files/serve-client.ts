import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import compression from 'compression';
import { type RequestHandler, Router } from 'express';

const sources = new URL('../../../../libs/client/src/', import.meta.url);

/** The client that pages and programs use: its source without the types, and the types by themselves, which import nothing either. */
export const clientFiles = (): { script: string; types: string } => {
  const read = (name: string): string => readFileSync(new URL(name, sources), 'utf8');
  const types = ['client-types.ts', 'call-types.ts', 'api-types.ts'].map(read);
  return {
    script: withoutTypes(read('client.ts')),
    types: types.map((text) => text.replaceAll(/^import [^;]*;$/gm, '')).join('\n'),
  };
};

/** Node says with each start that this may change; that is no news for whoever reads the log. */
const withoutTypes = (source: string): string => {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source)
      .replaceAll(/[ \t]+$/gm, '')
      .replaceAll(/\n{2,}/g, '\n');
  } finally {
    process.emitWarning = emitWarning;
  }
};

/**
 * Serves `/client.js` and `/client.d.ts`, so that a page may import the client that fits this version by its address. No credentials are needed: they
 * hold nothing of an installation. Whoever has the newest already gets 304.
 */
export const serveClient = (): RequestHandler => {
  const { script, types } = clientFiles();
  const router = Router();
  const serve = (path: string, type: string, text: string): void => {
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    router.use(path, compression());
    router.get(path, (request, response) => {
      request.exchange.route = path;
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      response.setHeader('Cache-Control', 'no-cache');
      response.setHeader('ETag', tag);
      if (request.headers['if-none-match']?.includes(tag) === true) response.status(304).end();
      else response.send(text);
    });
  };
  serve('/client.js', 'text/javascript', script);
  serve('/client.d.ts', 'text/plain', types);
  return router;
};
