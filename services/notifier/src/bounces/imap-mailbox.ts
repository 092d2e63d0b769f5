import { ImapFlow } from 'imapflow';
import type { Mailbox } from './mailbox.ts';

export interface ImapConfig {
  host: string;
  port: number;
  /** From the first byte; else by STARTTLS, and never without. */
  tls: boolean;
  /** Certificates to trust instead of the system's, PEM. */
  ca?: string;
  user: string;
  password: string;
  folder: string;
  /** Longest time of one look, ms. */
  deadlineMs: number;
}

/** Most messages that one look takes up. */
const messagesMax = 1000;
/** What is read of a message. A report and the header that it brings back come first. */
const bytesMax = 256 * 1024;

/** A mailbox by IMAP, opened for reading alone: nothing in it is changed, marked or removed. A connection lasts for one look. */
export const imapMailbox = (config: ImapConfig): Mailbox => ({
  async read({ after, since, take, taken, signal }) {
    const client = connectionTo(config);
    // What ends it is told by the command that waits.
    client.on('error', () => undefined);
    const late = AbortSignal.any([signal, AbortSignal.timeout(config.deadlineMs)]);
    const cut = () => client.close();
    late.addEventListener('abort', cut, { once: true });
    try {
      await client.connect();
      const { uidValidity } = await client.mailboxOpen(config.folder, { readOnly: true });
      const mailbox = String(uidValidity);
      const newest = after?.mailbox === mailbox ? after.newest : null;
      const query = newest === null ? { since } : { uid: `${newest + 1}:*` };
      const found = await client.search(query, { uid: true });
      // A refused search is told so, and is no empty mailbox.
      if (!Array.isArray(found)) throw new Error('The server did not search the mailbox');
      // The last message is always among them, even when it is not new.
      const numbers = found.filter((uid) => uid > (newest ?? 0)).sort((one, other) => one - other);
      for (const uid of numbers.slice(0, messagesMax)) {
        late.throwIfAborted();
        if (await isReport(client, uid)) {
          const { source } = await fetched(client, uid, { source: { start: 0, maxLength: bytesMax } });
          if (source !== undefined) await take(source);
        }
        taken({ mailbox, newest: uid });
      }
    } catch (error) {
      if (late.aborted && !signal.aborted) throw new Error('It was not read in time', { cause: error });
      const { responseText } = error as { responseText?: string };
      if (responseText === undefined) throw error;
      throw new Error(`The server says: ${responseText}`, { cause: error });
    } finally {
      late.removeEventListener('abort', cut);
      client.close();
    }
  },
});

const connectionTo = ({ host, port, tls, ca, user, password, deadlineMs }: ImapConfig): ImapFlow =>
  new ImapFlow({
    host,
    port,
    secure: tls,
    doSTARTTLS: !tls,
    auth: { user, pass: password },
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
  });

/** Of all other messages only the header is read. */
const isReport = async (client: ImapFlow, uid: number): Promise<boolean> => {
  const { headers } = await fetched(client, uid, { headers: ['content-type'] });
  return /multipart\/report/i.test(headers?.toString('latin1') ?? '');
};

/** Empty when it was removed meanwhile. */
const fetched = async (
  client: ImapFlow,
  uid: number,
  what: Parameters<ImapFlow['fetchOne']>[1],
): Promise<{ source?: Buffer | undefined; headers?: Buffer | undefined }> =>
  (await client.fetchOne(String(uid), what, { uid: true })) || {};
