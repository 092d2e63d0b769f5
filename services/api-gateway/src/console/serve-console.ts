import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type RequestHandler, type Response, Router } from 'express';

/** Where `npm run build` puts the console. */
export const builtConsole = fileURLToPath(new URL('../../../../console/dist', import.meta.url));

/** Its own scripts and styles and the API of the same address; no page frames it, and it sends nothing anywhere else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Names of built files change with their content. */
const builtForEver = 'public, max-age=31536000, immutable';

/**
 * Serves the console below `/console`: files by their names, its page for every other path, as the screens' addresses are known to the page alone.
 * No credentials are needed for it, since it holds nothing but words; what it shows comes from the API.
 * @param directory with the built console; without an `index.html` in it the answer says how to build it
 */
export const serveConsole = (directory: string): RequestHandler => {
  const router = Router();
  router.use('/console', (request, response, next) => {
    request.exchange.route = '/console';
    if (request.method === 'GET' || request.method === 'HEAD') next();
    else response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  });
  router.use(
    '/console',
    compression(),
    express.static(directory, { index: false, redirect: false, setHeaders: keepBuilt }),
    (request, response) => {
      // A page of an earlier build asks for files that are gone: the page itself would not be what it can run.
      if (request.path.startsWith('/assets/')) {
        response.status(404).end();
        return;
      }
      const page = join(directory, 'index.html');
      if (!existsSync(page)) {
        response.status(503).type('text').send('The console is not built yet: npm run build\n');
        return;
      }
      response.setHeader('Content-Security-Policy', policy);
      response.sendFile(page, { cacheControl: false });
    },
  );
  return router;
};

const keepBuilt = (response: Response, path: string): void => {
  if (path.includes('/assets/')) response.setHeader('Cache-Control', builtForEver);
};
