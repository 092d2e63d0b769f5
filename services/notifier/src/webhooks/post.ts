import { message } from '@alfa-cloud/contracts';
import { errorCode, errorMessage } from '@alfa-cloud/service-kit';
import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { NoticeFailure } from '../notices/notice-failure.ts';
import { isPublicAddress } from './address-check.ts';

interface Resolved {
  address: string;
  family: number;
}

export interface PostOptions {
  /** Also addresses of private networks, and without encryption. */
  allowPrivate: boolean;
  /** From the begin to the answer's headers, ms. */
  deadlineMs: number;
  /** Default: as the system does. */
  resolve?: (host: string) => Promise<readonly Resolved[]>;
  signal?: AbortSignal;
}

/**
 * Posts JSON to an address that somebody has entered. The name is resolved, all its addresses are checked, and the connection is made to the checked one,
 * so a name that changes in between leads nowhere else. Redirects are not followed; of the answer only the status is read.
 * @returns the status, 200 to 299
 * @throws NoticeFailure
 */
export const post = async (
  address: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  options: PostOptions,
): Promise<number> => {
  const late = AbortSignal.timeout(options.deadlineMs);
  const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
  try {
    const url = new URL(address);
    if (url.protocol !== 'https:' && !options.allowPrivate) {
      const words = message`Webhooks go to https:// addresses only`;
      throw new NoticeFailure('final', 'webhook_not_encrypted', words);
    }
    const target = await checkedAddress(url, options);
    const status = await statusOf(url, target, { headers, body, signal });
    if (status >= 200 && status < 300) return status;
    const kind = status === 410 ? 'final' : 'transient';
    throw new NoticeFailure(kind, 'webhook_refused', message`The receiver answered ${status}`);
  } catch (error) {
    if (error instanceof NoticeFailure) throw error;
    const words = late.aborted
      ? message`The receiver did not answer within ${options.deadlineMs / 1000} s`
      : message`The receiver can not be reached: ${errorCode(error) ?? errorMessage(error)}`;
    throw new NoticeFailure('transient', 'webhook_unreachable', words, { cause: error });
  }
};

const checkedAddress = async ({ hostname }: URL, options: PostOptions): Promise<Resolved> => {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const { resolve = resolveAll } = options;
  const found =
    family === 0 ? await withinDeadline(resolve(host), options.deadlineMs) : [{ address: host, family }];
  const [first] = found;
  if (first === undefined) throw new Error('The name has no address');
  if (!options.allowPrivate && !found.every((each) => isPublicAddress(each.address))) {
    const words = message`The address of the receiver lies in a private network, which ALFA_WEBHOOK_PRIVATE does not allow`;
    throw new NoticeFailure('transient', 'webhook_address_refused', words);
  }
  return first;
};

const resolveAll = (host: string): Promise<Resolved[]> => lookup(host, { all: true });

/** The system's resolver knows no signal. */
const withinDeadline = <T>(work: Promise<T>, deadlineMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The name was not resolved in time')), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const statusOf = (
  url: URL,
  { address, family }: Resolved,
  { headers, body, signal }: { headers: Readonly<Record<string, string>>; body: string; signal: AbortSignal },
): Promise<number> =>
  new Promise((resolve, reject) => {
    const toChecked: LookupFunction = (_host, { all }, done) => {
      if (all === true) done(null, [{ address, family }]);
      else done(null, address, family);
    };
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(
      url,
      {
        method: 'POST',
        agent: false,
        lookup: toChecked,
        signal,
        maxHeaderSize: 16_384,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'alfa-cloud',
        },
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.on('error', reject);
    request.end(body);
  });
