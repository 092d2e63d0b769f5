import { deriveId, mailIdOf, streams } from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { expect, test } from '@jest/globals';
import { decideOnMail, deliverMail } from '../outbox/deliver.ts';
import { retryOneMail } from '../operations/retry-mail.ts';
import { createRig, type Rig } from '../testing/rig.ts';
import type { Mailbox } from './mailbox.ts';
import { takeReport } from './take-report.ts';
import { watchBounces } from './watch-bounces.ts';

const signal = new AbortController().signal;

interface Told {
  action?: string;
  status?: string;
  envelopeId?: string;
  /** What comes back of the mail. */
  returned?: string;
  /** Message-ID of the report. */
  id?: string;
}

/** A report as mail servers write it (RFC 3464). */
const report = ({
  action = 'failed',
  status = '5.1.1',
  envelopeId,
  returned,
  id = '<1@mx.test>',
}: Told): Buffer =>
  Buffer.from(
    [
      'From: Mail Delivery System <MAILER-DAEMON@mx.test>',
      'To: cloud@alfa.test',
      `Message-ID: ${id}`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'It could not be delivered.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.test',
      ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
      '',
      'Final-Recipient: rfc822; one@lab.test',
      `Action: ${action}`,
      `Status: ${status}`,
      'Diagnostic-Code: smtp; 550 5.1.1 <one@lab.test>:',
      '  user unknown',
      '',
      ...(returned === undefined ? [] : ['--b', returned]),
      '--b--',
      '',
    ].join('\r\n'),
  );
const headerOf = (messageId: string) =>
  `Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: ${messageId}\r\n`;
const wholeOf = (messageId: string) =>
  `Content-Type: message/rfc822\r\n\r\nSubject: x\r\nMessage-ID:\r\n ${messageId}\r\nContent-Type: text/plain\r\n\r\nMessage-ID: <other@x>\r\n`;

const world = async () => {
  const rig = createRig();
  const clientId = await rig.addClient({ slug: 'one' });
  const deliver = (mailId: string) => deliverMail(rig, { mailId, cause: ownCause(), signal });
  const send = async (what: string) => {
    const mailId = mailIdOf(clientId, 'expire', what);
    const request = { mailId, clientId, template: 'expire', origin: 'request' } as const;
    const command = { type: 'request', request } as const;
    await decideOnMail(rig.store, { mailId, cause: ownCause(), command, key: mailId });
    return { mailId, delivered: await deliver(mailId) };
  };
  const { mailId } = await send('first');
  return { rig, clientId, mailId, messageId: `<${mailId}@alfa.test>`, send, deliver };
};

const retry = async (rig: Rig, mailId: string, clientId: string) => {
  const operationId = deriveId('retry', mailId);
  const data = { mailId, clientId };
  await retryOneMail(rig).begin({ data, operationId, cause: ownCause() } as never);
};

test.each(['header', 'whole mail', 'envelope id'] as const)(
  'a report that has the %s of a mail stops its address, with what the server said and no address',
  async (what) => {
    const { rig, mailId, messageId, send } = await world();
    const told = {
      header: { returned: headerOf(messageId) },
      'whole mail': { returned: wholeOf(messageId) },
      'envelope id': { envelopeId: mailId },
    };
    await takeReport(rig, report(told[what]));
    const reason = 'It could not be delivered: 5.1.1 550 5.1.1 <…>: user unknown';
    expect(await rig.mail(mailId)).toMatchObject({
      status: 'bounced',
      failure: { code: 'mail_bounced', reason },
    });
    expect((await send('second')).delivered).toMatchObject({
      status: 'failed',
      failure: { code: 'address_bounced', reason: `A mail to this address came back: ${reason}` },
    });
    expect(rig.box).toHaveLength(1);
  },
);

test('of a report neither length nor anything but the code and what the server said comes into an event', async () => {
  const { rig, mailId, messageId } = await world();
  const status = `${' '.repeat(60_000)}5.1.1 one@lab.test\ry`;
  const begin = performance.now();
  await takeReport(rig, report({ status, returned: headerOf(messageId) }));
  expect(performance.now() - begin).toBeLessThan(3000);
  expect(await rig.mail(mailId)).toMatchObject({
    status: 'bounced',
    failure: { reason: 'It could not be delivered: 5.1.1 550 5.1.1 <…>: user unknown' },
  });
});

test('another address of the client gets mails again; a change of its name alone opens nothing', async () => {
  const { rig, clientId, messageId, send } = await world();
  await takeReport(rig, report({ returned: headerOf(messageId) }));
  const change = (...personalChanged: string[]) =>
    rig.happens(streams.client(clientId), {
      type: 'ClientChanged',
      data: { clientId, operationId: null, personalChanged },
    });
  await change('name');
  expect((await send('second')).delivered).toMatchObject({ status: 'failed' });
  await change('name', 'email');
  expect((await send('third')).delivered).toMatchObject({ status: 'sent' });
});

test('a report that comes after the address was changed stops the old one alone', async () => {
  const { rig, clientId, messageId, send } = await world();
  const data = { clientId, operationId: null, personalChanged: ['email'] };
  await rig.happens(streams.client(clientId), { type: 'ClientChanged', data });
  await takeReport(rig, report({ returned: headerOf(messageId) }));
  expect((await send('second')).delivered).toMatchObject({ status: 'sent' });
});

test('a mail tried again goes out; the same report does not stop it once more, another one does', async () => {
  const { rig, clientId, mailId, messageId, send, deliver } = await world();
  const first = report({ returned: headerOf(messageId) });
  await takeReport(rig, first);
  await takeReport(rig, first);
  await retry(rig, mailId, clientId);
  expect(await deliver(mailId)).toMatchObject({ status: 'sent' });
  await takeReport(rig, first);
  expect(await rig.mail(mailId)).toMatchObject({ status: 'sent' });
  expect((await send('second')).delivered).toMatchObject({ status: 'sent' });
  await takeReport(rig, report({ returned: headerOf(messageId), id: '<2@mx.test>' }));
  expect(await rig.mail(mailId)).toMatchObject({ status: 'bounced' });
  expect(rig.store.all().filter(({ type }) => type === 'MailBounced')).toHaveLength(2);
});

test('a mail that was not sent because of its address goes out when it is tried again', async () => {
  const { rig, clientId, messageId, send, deliver } = await world();
  await takeReport(rig, report({ returned: headerOf(messageId) }));
  const { mailId } = await send('second');
  await retry(rig, mailId, clientId);
  expect(await deliver(mailId)).toMatchObject({ status: 'sent' });
});

test('what failed for now ends the mail and leaves the address; a delay changes nothing', async () => {
  const { rig, mailId, messageId, send } = await world();
  await takeReport(rig, report({ action: 'delayed', status: '4.4.1', returned: headerOf(messageId) }));
  await takeReport(rig, report({ action: 'delivered', status: '2.0.0', returned: headerOf(messageId) }));
  expect(await rig.mail(mailId)).toMatchObject({ status: 'sent' });
  await takeReport(rig, report({ status: '4.4.7', returned: headerOf(messageId) }));
  expect(await rig.mail(mailId)).toMatchObject({ status: 'bounced' });
  expect((await send('second')).delivered).toMatchObject({ status: 'sent' });
});

test('what is forged, speaks of no mail of ours or is no report changes nothing and breaks nothing', async () => {
  const { rig, mailId, messageId } = await world();
  const before = rig.store.all().length;
  const forged = [
    report({ returned: headerOf(`<${mailId}@evil.test>`) }),
    report({ returned: headerOf(`<${deriveId('unknown')}@alfa.test>`) }),
    report({ returned: headerOf('<not-ours@alfa.test>') }),
    report({}),
    Buffer.from(`Subject: Re\r\nContent-Type: text/plain\r\n\r\nMessage-ID: ${messageId}\r\n`),
    Buffer.from('Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'),
    Buffer.from([0, 255, 13, 10]),
  ];
  for (const source of forged) await takeReport(rig, source);
  expect(rig.store.all()).toHaveLength(before);
});

test('the mailbox is read on from where the last look ended, and tried again ever more rarely while it is away', async () => {
  const { rig, mailId, messageId } = await world();
  let now = Date.parse('2026-11-26T12:00:00Z');
  const asked: (number | null)[] = [];
  let isAway = true;
  const mailbox: Mailbox = {
    async read({ after, take, taken }) {
      asked.push(after?.newest ?? null);
      if (isAway) throw new Error('No connection');
      await take(report({ returned: headerOf(messageId) }));
      taken({ mailbox: '1', newest: 7 });
    },
  };
  const look = watchBounces({ ...rig, mailbox, clock: () => new Date(now) }, { everyMs: 60_000 });
  for (; now < Date.parse('2026-11-26T12:10:00Z'); now += 1000) await look(signal);
  // After 0, 1, 3 and 7 minutes.
  expect(asked).toEqual([null, null, null, null]);
  isAway = false;
  for (const end = now + 240_000; now < end; now += 1000) await look(signal);
  expect(asked.slice(4)).toEqual([null, 7]);
  expect(await rig.mail(mailId)).toMatchObject({ status: 'bounced' });
});
