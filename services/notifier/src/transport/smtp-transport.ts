import { Semaphore, sleep } from '@alfa-cloud/service-kit';
import { composed, domainOf, type Sender } from './compose.ts';
import type { MailTransport } from './mail-transport.ts';
import type { SmtpConfig } from './smtp-config.ts';
import { openLine } from './smtp-line.ts';

/** Hands mails to a mail server over a few connections that are kept. */
export const smtpTransport = (config: SmtpConfig, sender: Sender): MailTransport => {
  const { deadlineMs, perMinute, connections } = config;
  const lines = Array.from({ length: connections }, () => openLine(config));
  const free = [...lines];
  const places = new Semaphore(connections);
  const pace = createPace(perMinute);
  return {
    kind: 'smtp',
    domain: domainOf(sender.from),
    deadlineMs,
    inTurn: (work, signal) =>
      places.run(async () => {
        await pace(signal);
        return work();
      }, signal),
    async send(mail) {
      // The one used last, so that as few connections as possible are kept.
      const line = free.pop();
      if (line === undefined) throw new Error('A mail is handed over in its turn only');
      try {
        return { answer: await line.send(composed(mail, sender)) };
      } finally {
        free.push(line);
      }
    },
    close: () => {
      for (const line of lines) line.close();
    },
  };
};

/** Waits until the next mail may begin. */
const createPace = (perMinute: number): ((signal: AbortSignal) => Promise<void>) => {
  const everyMs = 60_000 / perMinute;
  let nextAt = 0;
  return async (signal) => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + everyMs;
    if (at > now) await sleep(at - now, signal);
  };
};
