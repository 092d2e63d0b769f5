import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import compression from 'compression';
import { type RequestHandler, Router } from 'express';

const sources = new URL('../../../../libs/client/src/', import.meta.url);

/** The client that pages and programs use: its sources without the types, as one file, and the types by themselves, which import nothing either. */
export const clientFiles = (): { script: string; types: string } => {
  const read = (name: string): string => readFileSync(new URL(name, sources), 'utf8');
  const types = ['client-types.ts', 'call-types.ts', 'api-types.ts'].map(read);
  return {
    script: `${joined(partsOf('client.ts', read))}export { AlfaError, createClient };\n`,
    types: types.map((text) => text.replaceAll(/^import [^;]*;$/gm, '')).join('\n'),
  };
};

/**
 * A source and those that it imports, by their names, without what binds them to each other: in one file all of them see each other. No two may
 * declare the same name.
 * @throws Error for a name that is imported as another one, which nothing would declare in the one file
 */
const partsOf = (
  name: string,
  read: (name: string) => string,
  known = new Map<string, string>(),
): Map<string, string> => {
  const text = withoutTypes(read(name));
  for (const [bound] of text.matchAll(binding)) {
    if (/ as |\*/.test(bound))
      throw new Error(`${name} binds a name in a form that one file can not have: ${bound}`);
  }
  known.set(name, text.replaceAll(binding, '').replaceAll(/^export /gm, ''));
  for (const [, next = ''] of text.matchAll(binding)) if (!known.has(next)) partsOf(next, read, known);
  return known;
};

const joined = (parts: Map<string, string>): string =>
  [...parts.values()].join('').replaceAll(/\n{2,}/g, '\n');

const binding = /^(?:import|export) [^;]* from '\.\/([^']*)';$/gm;

/** Node says with each start that this may change; that is no news for whoever reads the log. */
const withoutTypes = (source: string): string => {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source).replaceAll(/[ \t]+$/gm, '');
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
