import { message } from '@alfa-cloud/contracts';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '../http/json-body.ts';
import { refuse } from '../http/problems.ts';

/** What the host of a repository tells. */
export type Told =
  | { kind: 'ping' }
  | { kind: 'other'; event: string }
  /** `ref`: `refs/heads/dev`. `commit`: what it means now; null: it was deleted. */
  | { kind: 'push'; ref: string; commit: string | null };

const eventHeaders = ['x-github-event', 'x-gitea-event', 'x-forgejo-event', 'x-gitlab-event'];
const deliveryHeaders = [
  'x-github-delivery',
  'x-gitea-delivery',
  'x-forgejo-delivery',
  'x-gitlab-event-uuid',
];

const headerOf = (headers: IncomingHttpHeaders, names: readonly string[]): string => {
  const found = names.map((name) => headers[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
};

/** @throws RequestRefused when a push does not say what was pushed */
export const toldBy = (headers: IncomingHttpHeaders, body: Uint8Array): Told => {
  const event = headerOf(headers, eventHeaders);
  if (event === 'ping') return { kind: 'ping' };
  if (event !== 'push' && event !== 'Push Hook') return { kind: 'other', event: event.slice(0, 100) };
  const { ref, after } = payloadOf(headers, body) as { ref?: unknown; after?: unknown };
  if (typeof ref !== 'string' || ref.length > 500 || !isCommit(after)) {
    throw refuse('malformed_document', message`A push must have "ref" and "after"`, { pointer: '' });
  }
  return { kind: 'push', ref, commit: /^0+$/.test(after) ? null : after };
};

const isCommit = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);

/** GitHub sends JSON as a field of a form when nobody has chosen otherwise. */
const payloadOf = (headers: IncomingHttpHeaders, body: Uint8Array): object => {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const field = isForm ? new URLSearchParams(Buffer.from(body).toString()).get('payload') : null;
  const payload = parseJson(field === null ? body : Buffer.from(field));
  return typeof payload === 'object' && payload !== null ? payload : {};
};

/** The same for a delivery that is sent again. Its name is not signed, so the body, which is, belongs to it. */
export const deliveryKey = (headers: IncomingHttpHeaders, body: Uint8Array): string =>
  `${headerOf(headers, deliveryHeaders)} ${createHash('sha256').update(body).digest('hex')}`;
