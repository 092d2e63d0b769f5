import type { Request } from 'express';
import passportHttp from 'passport-http';

export interface BasicCredentials {
  login: string;
  password: string;
}

/** Login and password of an `Authorization: Basic` header in UTF-8; null when it is none. A password may hold colons. */
export const parseBasicHeader = (header: string | undefined): BasicCredentials | null => {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  return { login: text.slice(0, colon), password: text.slice(colon + 1) };
};

/** What passport puts on a strategy while it authenticates. */
interface StrategyActions {
  fail(): void;
  error(error: unknown): void;
  success(login: string): void;
}

/** Are these credentials right? */
type Verify = (request: Request, credentials: BasicCredentials) => Promise<boolean>;

/** `BasicStrategy` that takes the whole of a password: the base class cuts it at its first colon. */
export class WholePasswordStrategy extends passportHttp.BasicStrategy {
  // Not a #private field: passport works on objects derived from the strategy, which have none.
  private readonly verifyWhole: Verify;

  constructor(verify: Verify) {
    super(() => undefined);
    this.verifyWhole = verify;
  }

  override authenticate(request: Request): void {
    const actions = this as unknown as StrategyActions;
    const credentials = parseBasicHeader(request.headers.authorization);
    if (credentials === null) {
      actions.fail();
      return;
    }
    this.verifyWhole(request, credentials).then(
      (right) => (right ? actions.success(credentials.login) : actions.fail()),
      (error: unknown) => actions.error(error),
    );
  }
}
