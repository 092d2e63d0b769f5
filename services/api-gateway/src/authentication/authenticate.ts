import { message } from '@alfa-cloud/contracts';
import type { Metrics } from '@alfa-cloud/service-kit';
import type { RequestHandler } from 'express';
import passport from 'passport';
import { refuse } from '../http/problems.ts';
import type { Credentials, CredentialsStore } from '../ports.ts';
import { type BasicCredentials, parseBasicHeader, WholePasswordStrategy } from './basic-strategy.ts';
import { createFailureThrottle } from './failure-throttle.ts';
import { createVerifiedHeaders } from './verified-headers.ts';
import { createCredentialsVerifier } from './verify-credentials.ts';

const challenge = { 'WWW-Authenticate': 'Basic realm="Alfa Cloud", charset="UTF-8"' };

const monotonic = (): number => performance.now();

export interface Authentication {
  handler: RequestHandler;
  /**
   * Verifies the administrator's password once more, as a request proves it knows it. Counted and slowed down like a login.
   * @param address where the request came from
   * @returns the credentials in force, or null when the password is wrong
   * @throws RequestRefused 429 when the address has to wait, 503 when it can't be verified
   */
  confirm(address: string, password: string): Promise<Credentials | null>;
  stop(): void;
}

/**
 * Lets only requests with valid Basic credentials pass and puts the login on the exchange.
 * A header verified within the last minute passes without its password being hashed again. Each request, that one too, is measured by
 * the credentials that are in force when it arrives: a change is a change at once, whichever gateway made it.
 */
export const createAuthentication = (options: {
  credentials: CredentialsStore;
  metrics: Metrics;
}): Authentication => {
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

  /** Counts an attempt, as failed unless the credentials turn out right. */
  const attempt = async (address: string, login: string, password: string): Promise<Credentials | null> => {
    const waitMs = throttle.attempt(address);
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    try {
      const right = await verify(login, password);
      if (right === null) failures.inc();
      else throttle.succeeded(address);
      return right;
    } catch (error) {
      throttle.withdraw(address);
      throw error;
    }
  };

  /** Verifications under way, one for all requests with the same header. */
  const running = new Map<string, Promise<boolean>>();
  const verifyOnce = (address: string, digest: string, { login, password }: BasicCredentials) => {
    const known = running.get(digest);
    if (known !== undefined) return known;
    const begun = generation;
    const verification = attempt(address, login, password)
      .then((right) => {
        if (right !== null && begun === generation) verified.remember(digest, login);
        return right !== null;
      })
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

  const handler: RequestHandler = async (request, response, next) => {
    const header = request.headers.authorization;
    if (header !== undefined) await inForce(credentials);
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
  const confirm = (address: string, password: string): Promise<Credentials | null> =>
    attempt(address, credentials.current()?.login ?? '', password);
  return { handler, confirm, stop };
};

const inForce = async (credentials: CredentialsStore): Promise<void> => {
  try {
    await credentials.upToDate();
  } catch {
    throw refuse(
      'unavailable',
      message`The credentials could not be looked up in time; try again in a moment`,
    );
  }
};

const credentialsRequired = (header: string | undefined) =>
  refuse(
    'credentials_required',
    parseBasicHeader(header) === null
      ? message`Send login and password by HTTP Basic authentication`
      : message`Login or password is wrong`,
    { header: 'Authorization' },
    challenge,
  );

const tooManyAttempts = (waitMs: number) => {
  const seconds = Math.ceil(waitMs / 1000);
  const detail = message`Too many wrong passwords came from this address; try again in ${seconds} s`;
  return refuse('too_many_attempts', detail, undefined, { 'Retry-After': String(seconds) });
};
