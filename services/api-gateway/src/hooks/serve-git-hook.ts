import {
  type BranchRole,
  buildDev,
  buildProd,
  type GitHookView,
  isRejection,
  type Message,
  message,
  messageInWords,
} from '@alfa-cloud/contracts';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createAddressList } from '../access/address-list.ts';
import { createRateLimit } from '../access/rate-limit.ts';
import { createStreamSlots } from '../http/event-stream.ts';
import { refuse } from '../http/problems.ts';
import type { ApiRequest } from '../http/route.ts';
import { sendDocument } from '../http/send.ts';
import { startedOn } from '../operations/started.ts';
import type { RouteServices } from '../services.ts';
import { deliveryKey, toldBy, type Told } from './delivery.ts';
import { isSignedBy, signatureOf } from './signature.ts';

/** Where the host of the repository tells of pushes. */
export const gitHookPath = '/hooks/git';

/** Who asks for a build that a push has brought about. */
const actor = 'git webhook';
/** Hosts name all files of a push: thousands of commits make megabytes. */
const bodyMaxBytes = 5 * 1024 ** 2;
/** Read at the same time from all sources: anybody may send a body, and until its signature is seen to be wrong it takes memory. */
const bodiesMax = 16;
/** From one source. */
const limit = { requests: 300, everyMs: 60_000 };

type Services = Pick<RouteServices, 'commands' | 'queries' | 'vault'>;

/**
 * Takes what the host of the repository tells, without credentials: by its signature alone, and from its own list of addresses. A push to a branch
 * that images are built from starts its build.
 * @param addresses from which it may be called, also as CIDR blocks
 */
export const serveGitHook = (services: Services, addresses: readonly string[]): RequestHandler => {
  const isAllowed = createAddressList(addresses);
  const rate = createRateLimit(limit, () => performance.now());
  const readBytes = express.raw({ type: () => true, limit: bodyMaxBytes, inflate: false });
  const slots = createStreamSlots(bodiesMax);
  const signedBody = async (request: Request, response: Response) => {
    const signature = signatureOf(request.headers);
    if (signature === null) throw unsigned();
    const free = slots.take();
    if (free === null) {
      const now = { 'Retry-After': '30', Connection: 'close' };
      throw refuse('busy', message`Too many deliveries come at the same time`, undefined, now);
    }
    try {
      const body = await bytesOf(request, response, readBytes);
      const { result: hook } = await services.queries.ask('GetGitHook', {});
      const secret = hook.secret === null ? null : await services.vault.open(hook.secret);
      if (secret === null || !isSignedBy(secret, body, signature)) throw unsigned();
      return { hook, body };
    } finally {
      free();
    }
  };
  return async (request, response, next) => {
    if (request.path !== gitHookPath) return next();
    request.exchange.route = gitHookPath;
    const address = request.ip ?? '';
    if (!isAllowed(address))
      throw refuse('address_not_allowed', message`Requests from this address are not taken`);
    if (request.method !== 'POST') {
      const words = message`${request.method.slice(0, 20)} is not for this path`;
      throw refuse('method_not_allowed', words, undefined, { Allow: 'POST' });
    }
    if (!rate.take(address)) {
      const later = { 'Retry-After': String(limit.everyMs / 1000) };
      throw refuse('busy', message`Too many deliveries came from this address`, undefined, later);
    }
    const { hook, body } = await signedBody(request, response);
    request.exchange.actor = actor;
    const { status, outcome, detail, operationIds = [] } = await answerTo(services, hook, request, body);
    const { language } = request.exchange;
    const meta = { outcome, detail: messageInWords(language, detail), operationIds };
    sendDocument(response, status, { document: { meta }, language });
  };
};

/** Whatever is wrong: nobody learns whether there is a secret, or how close a signature comes. */
const unsigned = () =>
  refuse(
    'signature_refused',
    message`The delivery is not signed by the secret of the repository's hook`,
    undefined,
    { Connection: 'close' },
  );

const bytesOf = (
  request: Request,
  response: Response,
  readBytes: ReturnType<typeof express.raw>,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    readBytes(request, response, (error?: unknown) => {
      if (error !== undefined) reject(error);
      else resolve(Buffer.isBuffer(request.body) ? request.body : new Uint8Array());
    });
  });

interface HookAnswer {
  status: 200 | 202;
  /** `running`: an earlier request builds it, or will. */
  outcome: 'started' | 'running' | 'ignored' | 'ping';
  detail: Message;
  operationIds?: string[];
}

const answerTo = async (
  services: Services,
  { branches }: GitHookView,
  request: Request,
  body: Uint8Array,
): Promise<HookAnswer> => {
  const told = toldBy(request.headers, body);
  const { dev, prod } = branches;
  if (told.kind === 'ping') {
    return { status: 200, outcome: 'ping', detail: message`Pushes to ${dev} and ${prod} will be built` };
  }
  const ignored = (detail: Message): HookAnswer => ({ status: 200, outcome: 'ignored', detail });
  if (told.kind === 'other') return ignored(message`Only pushes are built, and this is "${told.event}"`);
  const roles = (['dev', 'prod'] as const).filter((role) => told.ref === `refs/heads/${branches[role]}`);
  const { ref, commit } = told;
  if (roles.length === 0) return ignored(message`${ref} is not built, only branches ${dev} and ${prod} are`);
  if (commit === null) return ignored(message`${ref} was deleted`);
  const builds = await Promise.all(roles.map((role) => buildOf(services, role, { told, request, body })));
  const isStarted = builds.some(({ isNew }) => isNew);
  const short = commit.slice(0, 12);
  return {
    status: 202,
    outcome: isStarted ? 'started' : 'running',
    detail: isStarted
      ? message`${ref} is built at ${short}, or a later commit, once no other build of it runs`
      : message`${ref} is being built already, at ${short} or a later commit`,
    operationIds: builds.map(({ operationId }) => operationId),
  };
};

/** Sends the command of the build. A delivery that comes again is the same command. */
const buildOf = async (
  { commands }: Services,
  role: BranchRole,
  { told, request, body }: { told: Extract<Told, { kind: 'push' }>; request: Request; body: Uint8Array },
): Promise<{ operationId: string; isNew: boolean }> => {
  const operation = role === 'dev' ? buildDev : buildProd;
  const pushed = told.commit ?? '';
  const asked = requestOf(request, `${role} ${deliveryKey(request.headers, body)}`);
  const started = startedOn(operation, '', { pushed });
  try {
    const sent = await commands.send(operation.command, commands.idOf(asked), { pushed }, asked, started);
    return { operationId: sent.operationId, isNew: true };
  } catch (error) {
    const [fault] = isRejection(error) ? error.faults : [];
    const running = fault?.code === 'operation_in_progress' ? fault.meta?.['operationId'] : undefined;
    if (typeof running !== 'string') throw error;
    return { operationId: running, isNew: false };
  }
};

/** The delivery as the request of its actor. */
const requestOf = ({ exchange, ip = '' }: Request, idempotencyKey: string): ApiRequest => ({
  method: 'POST',
  path: gitHookPath,
  search: '',
  id: '',
  parameters: {},
  attributes: undefined,
  relationships: {},
  language: exchange.language,
  actor,
  address: ip,
  requestId: exchange.requestId,
  minPosition: undefined,
  idempotencyKey,
  waitMs: 0,
  wantsEvents: false,
  lastEventId: undefined,
  signal: new AbortController().signal,
});
