import { deriveId, mailIdOf, streams } from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { expect, test } from '@jest/globals';
import { createSchedule, warningMailId } from '../schedule/schedule.ts';
import { clientIdOf, createRig, failure, rules, type Rig } from '../testing/rig.ts';
import { decideOnMail, deliverMail } from './deliver.ts';
import { createOutbox } from './outbox.ts';

const never = new AbortController().signal;
const dayMs = 24 * 3_600_000;
const begin = Date.parse('2026-11-26T12:00:00.000Z');

const request = async (rig: Rig, slug: string): Promise<string> => {
  const clientId = clientIdOf(slug);
  const mailId = mailIdOf(clientId, 'expire', slug);
  const asked = { mailId, clientId, template: 'expire', origin: 'request' } as const;
  await decideOnMail(rig.store, {
    mailId,
    cause: ownCause(),
    command: { type: 'request', request: asked },
    key: mailId,
  });
  return mailId;
};

test('a client created with it gets the mail with address, login and password, once', async () => {
  const rig = createRig();
  const clientId = await rig.addClient({ slug: 'one', sendSuccess: true, ownerPassword: 'Canary-Secret-77' });
  const outbox = createOutbox(rig, { parallel: 2 });
  await outbox.look(never);
  await outbox.look(never);
  expect(rig.box).toHaveLength(1);
  const [mail] = rig.box;
  expect(mail?.to).toEqual({ name: 'Laboratory one', address: 'one@lab.test' });
  for (const text of [mail?.text, mail?.html]) {
    for (const part of ['http://one.alfa.test', 'one@lab.test', 'Canary-Secret-77'])
      expect(text).toContain(part);
  }
  const mailId = mailIdOf(clientId, 'success', deriveId('creation', 'one'));
  expect(await rig.mail(mailId)).toMatchObject({ status: 'sent', sent: { answer: '250 ok', attempt: 1 } });
  const events = JSON.stringify(rig.store.all(), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(events).not.toContain('Canary-Secret-77');
  expect(
    JSON.stringify((await rig.store.read(streams.mail(mailId))).events.map(({ data }) => data)),
  ).not.toContain('one@lab.test');
});

test('500 mails survive a week without the mail server: each arrives once, few attempts are made, and a look holds a hundred at most', async () => {
  let attempts = 0;
  let isUp = false;
  const rig = createRig(async () => {
    attempts += 1;
    if (!isUp) throw failure('outage');
    return '250 ok';
  });
  const slugs = Array.from({ length: 500 }, (_, index) => `lab-${index}`);
  for (const slug of slugs) {
    await rig.addClient({ slug });
    await request(rig, slug);
  }
  const held: number[] = [];
  const ask: typeof rig.queries.ask = async (name, request, options) => {
    const answer = await rig.queries.ask(name, request, options);
    if (name === 'ListMails') held.push((answer.result as { items: unknown[] }).items.length);
    return answer;
  };
  const outbox = createOutbox(rig.with({ queries: { ask } }), { parallel: 2 });
  for (let at = 0; at < 7 * dayMs; at += 15 * 60_000) {
    rig.setTime(begin + at);
    await outbox.look(never);
  }
  expect(rig.box).toHaveLength(0);
  expect(attempts).toBeLessThan(1500);
  isUp = true;
  for (let at = 0; at < dayMs / 24; at += 60_000) {
    rig.setTime(begin + 7 * dayMs + at);
    await outbox.look(never);
  }
  const arrived = rig.box.map(({ to }) => to.address);
  expect(Math.max(...held)).toBe(100);
  expect(arrived.toSorted()).toEqual(slugs.map((slug) => `${slug}@lab.test`).toSorted());
});

test('two replicas send what one would', async () => {
  const rig = createRig(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return '250 ok';
  });
  const slugs = Array.from({ length: 30 }, (_, index) => `lab-${index}`);
  for (const slug of slugs) {
    await rig.addClient({ slug, sendSuccess: true });
    await request(rig, slug);
  }
  const replicas = [createOutbox(rig, { parallel: 3 }), createOutbox(rig.with({}), { parallel: 3 })];
  await Promise.all(replicas.map((outbox) => outbox.look(never)));
  const ids = rig.box.map(({ messageId }) => messageId);
  expect(ids).toHaveLength(60);
  expect(new Set(ids).size).toBe(60);
});

test.each(['before', 'after'] as const)(
  'a worker that dies %s its server has answered has the mail sent under the same Message-ID, at most twice',
  async (moment) => {
    let dies = true;
    const rig: Rig = createRig(async (mail) => {
      if (!dies) return '250 ok';
      dies = false;
      if (moment === 'after') rig.box.push(mail);
      throw new Error('The process died');
    });
    await rig.addClient({ slug: 'one' });
    const mailId = await request(rig, 'one');
    const deliver = () => deliverMail(rig, { mailId, cause: ownCause(), signal: never });
    await expect(deliver()).rejects.toThrow('died');
    expect(await deliver()).toMatchObject({ status: 'busy' });
    rig.setTime(begin + 89_000);
    expect(await deliver()).toMatchObject({ status: 'busy' });
    rig.setTime(begin + 90_000);
    expect(await deliver()).toMatchObject({ status: 'sent' });
    const ids = rig.box.map(({ messageId }) => messageId);
    expect(ids).toEqual(Array.from({ length: moment === 'after' ? 2 : 1 }, () => `<${mailId}@alfa.test>`));
    expect(await deliver()).toMatchObject({ status: 'sent' });
    expect(rig.box).toHaveLength(ids.length);
  },
);

test('an answer of the event store that is lost after the mail was sent repeats nothing', async () => {
  const rig = createRig();
  await rig.addClient({ slug: 'one' });
  const mailId = await request(rig, 'one');
  rig.store.failNextAppend('after', new Error('Lost'));
  await expect(deliverMail(rig, { mailId, cause: ownCause(), signal: never })).rejects.toThrow('Lost');
  rig.setTime(begin + dayMs);
  expect(await deliverMail(rig, { mailId, cause: ownCause(), signal: never })).toMatchObject({
    status: 'sent',
  });
  expect(rig.box).toHaveLength(1);
});

test('a client made without warnings gets none by itself, and one that is asked for', async () => {
  const rig = createRig();
  await rig.addClient({ slug: 'one', expireDate: '2026-12-03', expiryWarnings: false });
  const other = await rig.addClient({ slug: 'two', expireDate: '2026-12-03' });
  rig.setTime('2026-12-01T12:00:00Z');
  await createSchedule(rig, rules).look(never);
  const requested = rig.store.all().filter(({ type }) => type === 'MailRequested');
  expect(requested).toMatchObject([{ data: { clientId: other } }]);
  const mailId = await request(rig, 'one');
  expect(await deliverMail(rig, { mailId, cause: ownCause(), signal: never })).toMatchObject({
    status: 'sent',
  });
});

test('a warning that waits is given up unsent when the warnings of its client are switched off', async () => {
  const rig = createRig();
  const clientId = await rig.addClient({ slug: 'one', expireDate: '2026-12-03' });
  const warning = { expireDate: '2026-12-03', thresholdDays: 7 };
  const mailId = warningMailId(clientId, warning);
  await rig.happens(streams.mail(mailId), {
    type: 'MailRequested',
    data: { mailId, clientId, template: 'expire', origin: 'schedule', warning },
  });
  await rig.happens(streams.client(clientId), {
    type: 'ClientChanged',
    data: { clientId, operationId: null, personalChanged: [], expiryWarnings: false },
  });
  expect(await deliverMail(rig, { mailId, cause: ownCause(), signal: never })).toMatchObject({
    status: 'failed',
    failure: { code: 'mail_obsolete', reason: 'Warnings have been switched off for this client' },
  });
  expect(rig.box).toEqual([]);
});

test('a warning that is not true any more and a mail to a deleted client are given up unsent', async () => {
  const rig = createRig();
  const clientId = await rig.addClient({ slug: 'one', expireDate: '2026-12-03' });
  const warning = { expireDate: '2026-12-03', thresholdDays: 7 };
  const warned = warningMailId(clientId, warning);
  await rig.happens(streams.mail(warned), {
    type: 'MailRequested',
    data: { mailId: warned, clientId, template: 'expire', origin: 'schedule', warning },
  });
  await rig.happens(streams.client(clientId), {
    type: 'ClientExpireDateChanged',
    data: { clientId, operationId: clientId, from: '2026-12-03', to: '2027-12-03', reason: 'Paid' },
  });
  const asked = await request(rig, 'one');
  const deliver = (mailId: string) => deliverMail(rig, { mailId, cause: ownCause(), signal: never });
  expect(await deliver(warned)).toMatchObject({ status: 'failed', failure: { code: 'mail_obsolete' } });
  await rig.happens(streams.client(clientId), {
    type: 'ClientDeleted',
    data: { clientId, operationId: clientId },
  });
  expect(await deliver(asked)).toMatchObject({ status: 'failed', failure: { code: 'client_gone' } });
  expect(rig.box).toEqual([]);
});
