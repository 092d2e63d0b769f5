import type { Metrics } from '@alfa-cloud/service-kit';
import type { RequestHandler } from 'express';
import passport from 'passport';
import { refuse } from '../http/problems.ts';
import type { CredentialsStore } from '../ports.ts';
import { type BasicCredentials, parseBasicHeader, WholePasswordStrategy } from './basic-strategy.ts';
import { createFailureThrottle } from './failure-throttle.ts';
import { createVerifiedHeaders } from './verified-headers.ts';
import { createCredentialsVerifier } from './verify-credentials.ts';

const challenge = { 'WWW-Authenticate': 'Basic realm="Alfa Cloud", charset="UTF-8"' };

const monotonic = (): number => performance.now();

/**
 * Lets only requests with valid Basic credentials pass and puts the login on the exchange.
 * A header verified within the last minute passes at once; a change of the credentials forgets them all.
 */
export const createAuthentication = (options: {
  credentials: CredentialsStore;
  metrics: Metrics;
}): { handler: RequestHandler; stop(): void } => {
  const { credentials, metrics } = options;
  const failures = metrics.counter(
    'alfa_http_login_failures_total',
    'Requests refused for wrong credentials',
  );
  const verified = createVerifiedHeaders(monotonic);
  const throttle = createFailureThrottle(monotonic);
  const verify = createCredentialsVerifier(credentials);
  let generation = 0;
  const stop = credentials.onChange(() => {
    generation += 1;
    verified.forgetAll();
  });

  /** One verification at a time for the same header, whoever waits for it. */
  const running = new Map<string, Promise<boolean>>();
  const verifyOnce = (address: string, digest: string, { login, password }: BasicCredentials) => {
    const known = running.get(digest);
    if (known !== undefined) return known;
    const waitMs = throttle.attempt(address);
    if (waitMs > 0) return Promise.reject(tooManyAttempts(waitMs));
    const begun = generation;
    const verification = verify(login, password)
      .then(
        (right) => {
          if (right) {
            throttle.succeeded(address);
            if (begun === generation) verified.remember(digest, login);
          } else {
            failures.inc();
          }
          return right;
        },
        (error: unknown) => {
          throttle.withdraw(address);
          throw error;
        },
      )
      .finally(() => running.delete(digest));
    running.set(digest, verification);
    return verification;
  };

  const authenticator = new passport.Passport();
  authenticator.use(
    new WholePasswordStrategy((request, basic) =>
      verifyOnce(request.ip ?? '', verified.digest(request.headers.authorization ?? ''), basic),
    ),
  );

  const handler: RequestHandler = (request, response, next) => {
    const header = request.headers.authorization;
    const login = header === undefined ? null : verified.find(verified.digest(header));
    if (login !== null) {
      request.exchange.actor = login;
      next();
      return;
    }
    const finish = (error: unknown, user?: unknown): void => {
      if (typeof user === 'string') request.exchange.actor = user;
      if (error !== null && error !== undefined) next(error);
      else if (typeof user === 'string') next();
      else next(credentialsRequired(header));
    };
    const authenticate = authenticator.authenticate('basic', { session: false }, finish) as RequestHandler;
    void authenticate(request, response, next);
  };
  return { handler, stop };
};

const credentialsRequired = (header: string | undefined) =>
  refuse(
    'credentials_required',
    parseBasicHeader(header) === null
      ? 'Send login and password by HTTP Basic authentication'
      : 'Login or password is wrong',
    { header: 'Authorization' },
    challenge,
  );

const tooManyAttempts = (waitMs: number) => {
  const seconds = Math.ceil(waitMs / 1000);
  const detail = `Too many wrong passwords came from this address; try again in ${seconds} s`;
  return refuse('too_many_attempts', detail, undefined, { 'Retry-After': String(seconds) });
};
