import { createHmac } from 'node:crypto';

/** What a webhook sends besides its body, in the form of Standard Webhooks. */
export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * Signs `<id>.<time>.<body>` by HMAC-SHA-256. Done anew for each attempt: receivers refuse what was signed long ago.
 * @param secret `whsec_` and the key as base64
 */
export const signed = (secret: string, id: string, now: Date, body: string): SignedHeaders => {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
