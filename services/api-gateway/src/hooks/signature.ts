import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What shows that a delivery comes from the host of the repository: HMAC-SHA-256 of its body in hexadecimal digits, or the secret itself. */
export type Signature = { kind: 'hmac'; digits: string } | { kind: 'token'; token: string };

/** Headers that hosts sign by, the first that is there: GitHub's, which Gitea and Forgejo send too, theirs, and GitLab's. Null: unsigned. */
export const signatureOf = (headers: IncomingHttpHeaders): Signature | null => {
  const first = (...names: string[]): string | undefined =>
    names.map((name) => headers[name]).find((value) => typeof value === 'string');
  const prefixed = first('x-hub-signature-256');
  if (prefixed !== undefined) return { kind: 'hmac', digits: prefixed.replace(/^sha256=/, '') };
  const digits = first('x-gitea-signature', 'x-forgejo-signature');
  if (digits !== undefined) return { kind: 'hmac', digits };
  const token = first('x-gitlab-token');
  return token === undefined ? null : { kind: 'token', token };
};

/** Compared in constant time; what is compared has the same length whatever was sent. */
export const isSignedBy = (secret: string, body: Uint8Array, signature: Signature): boolean => {
  if (signature.kind === 'token') return timingSafeEqual(digestOf(signature.token), digestOf(secret));
  const right = createHmac('sha256', secret).update(body).digest();
  const sent = Buffer.from(signature.digits, 'hex');
  return sent.length === right.length && timingSafeEqual(sent, right);
};

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
