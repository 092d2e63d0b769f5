import {
  isRejection,
  newId,
  passwordLinkIdOf,
  type PasswordLinkView,
  type ShownPassword,
} from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { errorMessage, errorName, type Logger } from '@alfa-cloud/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { createRateLimit } from '../access/rate-limit.ts';
import { pagePolicy, passwordPage, type PageFacts, type PageState } from './page.ts';
import type { PageStatus } from './words.ts';

/** Where the pages of one-time links are. What follows is a token: it stands in no log. */
export const passwordPagePrefix = '/password/';

/** 256 bits, base64url. */
const tokenPattern = /^\/password\/([A-Za-z0-9_-]{43})$/;

/** The button of a page that is pressed once more, since the answer was lost, is the same showing. */
const showingPattern = /\?showing=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** From one source. */
const limit = { requests: 30, everyMs: 60_000 };

const statuses: { readonly [Status in PageStatus]: number } = {
  ready: 200,
  shown: 200,
  used: 410,
  expired: 410,
  changed: 410,
  unknown: 404,
  busy: 429,
  away: 503,
};

/**
 * Serves the pages of one-time links to the clients themselves: without credentials, from every address. GET looks, so a scanner of mails may
 * do so; POST, which the button of the page sends, opens.
 */
export const servePasswordPages = (deps: {
  queries: Pick<QuerySender, 'ask'>;
  vault: Pick<Vault, 'open'>;
  logger: Logger;
}): RequestHandler => {
  const rate = createRateLimit(limit, () => performance.now());
  return async (request, response, next) => {
    if (!request.path.startsWith(passwordPagePrefix)) return next();
    request.exchange.route = `${passwordPagePrefix}{token}`;
    const isOpening = request.method === 'POST';
    if (!isOpening && request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD, POST' }).end();
      return;
    }
    const answer = rate.take(request.ip ?? '')
      ? await answerTo(deps, request, isOpening)
      : { state: { status: 'busy' } as const, link: null };
    send(request, response, answer);
  };
};

interface PageAnswer {
  state: PageState;
  link: Pick<PasswordLinkView, 'locale' | 'brand'> | null;
}

const answerTo = async (
  { queries, vault, logger }: Parameters<typeof servePasswordPages>[0],
  { path, url, exchange }: Request,
  isOpening: boolean,
): Promise<PageAnswer> => {
  const token = tokenPattern.exec(path)?.[1];
  if (token === undefined) return { state: { status: 'unknown' }, link: null };
  const linkId = passwordLinkIdOf(token);
  try {
    if (!isOpening) {
      const { result } = await queries.ask('GetPasswordLink', { linkId });
      return { state: { status: result.status }, link: result };
    }
    const showingId = showingPattern.exec(url)?.[1] ?? newId();
    const asked = { linkId, showingId, correlationId: exchange.requestId };
    const { result } = await queries.ask('OpenPasswordLink', asked);
    if (result.shown === null) {
      // A page that was open for long: it shows again what there is by now.
      return { state: { status: result.status }, link: result };
    }
    const shown = JSON.parse(await vault.open(result.shown)) as ShownPassword;
    return { state: { status: 'shown', shown }, link: result };
  } catch (error) {
    if (!isRejection(error) && errorName(error) !== 'MessagingUnavailable') throw error;
    logger.warn(
      { reason: errorMessage(error), requestId: exchange.requestId },
      'one-time link not looked up',
    );
    return { state: { status: 'away' }, link: null };
  }
};

/** In the language of the client; that of the browser where no client is known. */
const send = (request: Request, response: Response, { state, link }: PageAnswer): void => {
  const facts: PageFacts = {
    language: link?.locale ?? request.exchange.language,
    brand: link?.brand ?? { name: '', supportEmail: '' },
    showingId: newId(),
  };
  const body = passwordPage(state, facts);
  response
    .writeHead(statuses[state.status], {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': facts.language,
      'Content-Length': Buffer.byteLength(body),
      'Content-Security-Policy': pagePolicy,
      'X-Robots-Tag': 'noindex, nofollow, noarchive',
      ...(state.status === 'busy' ? { 'Retry-After': String(limit.everyMs / 1000) } : {}),
      // What a sender adds in the body of its request is not read.
      ...(request.method === 'POST' ? { Connection: 'close' } : {}),
    })
    .end(request.method === 'HEAD' ? undefined : body);
};
