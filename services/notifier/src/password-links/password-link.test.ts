import { expect, test } from '@jest/globals';
import { newId, passwordLinkIdOf, streams, type ShownPassword } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import { decideOnMail, deliverMail } from '../outbox/deliver.ts';
import { createRig, failure, type Rig } from '../testing/rig.ts';
import { loadTemplates } from '../templates/templates.ts';
import { passwordLinkDecider, statusOf } from './password-link.ts';
import { passwordLinkQueries } from './password-link-queries.ts';

const begin = Date.parse('2026-11-26T12:00:00.000Z');
const dayMs = 86_400_000;
const passwords = { kind: 'link', publicUrl: 'https://cloud.test', lifetimeMs: 7 * dayMs } as const;
const password = 'Blue-Kettle-42';

/** A mail with a link, to client `one`. */
const withMail = async (send?: Parameters<typeof createRig>[0]) => {
  const rig = createRig(send);
  rig.setTime(begin);
  const clientId = await rig.addClient({ slug: 'one', locale: 'ru' });
  const mailId = newId();
  const request = { mailId, clientId, template: 'success', origin: 'request' } as const;
  await decideOnMail(rig.store, { mailId, cause: ownCause(), command: { type: 'request', request } });
  const deps = { ...rig, passwords, render: loadTemplates(undefined, 'link') };
  const deliver = () => deliverMail(deps, { mailId, cause: ownCause(), signal: AbortSignal.any([]) });
  const queries = passwordLinkQueries(deps);
  const look = async (linkId: string) => resultOf(await queries.GetPasswordLink?.({ linkId }, context));
  const open = async (linkId: string, showingId = newId()) =>
    resultOf(await queries.OpenPasswordLink?.({ linkId, showingId, correlationId: 'r' }, context));
  return { rig, clientId, deliver, look, open };
};
const context = { minPosition: null, positionWaitMs: null };
const resultOf = <Result>(outcome: { result: Result } | { resultJson: string } | undefined): Result => {
  if (outcome === undefined || !('result' in outcome)) throw new Error('No answer');
  return outcome.result;
};
const linkOf = (rig: Rig, index = 0): string => {
  const token = /https:\/\/cloud\.test\/password\/([\w-]{43})\s/.exec(rig.box[index]?.text ?? '')?.[1];
  if (token === undefined) throw new Error('The mail has no link');
  return passwordLinkIdOf(token);
};
const shownIn = async (rig: Rig, sealed: string | null) =>
  JSON.parse(await rig.vault.open(sealed ?? '')) as ShownPassword;
const openings = (rig: Rig) => rig.store.all().filter(({ type }) => type === 'PasswordLinkOpened');

test('a mail has a link in the place of the password, which shows it once', async () => {
  const { rig, deliver, look, open } = await withMail();
  await deliver();
  const [mail] = rig.box;
  expect(`${mail?.text}${mail?.html}`).not.toContain(password);
  expect(mail?.text).toContain('3 декабря 2026');
  expect(mail?.html).toContain('href="https://cloud.test/password/');
  const id = linkOf(rig);
  for (let time = 0; time < 3; time += 1)
    expect(await look(id)).toMatchObject({ status: 'ready', locale: 'ru' });
  const first = await open(id);
  expect(first.status).toBe('ready');
  expect(await shownIn(rig, first.shown)).toEqual({
    login: 'one@lab.test',
    password,
    cloudUrl: 'http://one.alfa.test',
  });
  expect(await open(id)).toMatchObject({ status: 'used', shown: null });
  expect(await look(id)).toMatchObject({ status: 'used' });
  expect(openings(rig)).toMatchObject([{ metadata: { actor: 'one-time link', correlationId: 'r' } }]);
});

test('neither the token nor the password stands in an event, and another token opens nothing', async () => {
  const { rig, deliver, open } = await withMail();
  await deliver();
  const token = /password\/([\w-]{43})/.exec(rig.box[0]?.text ?? '')?.[1] ?? '';
  await open(linkOf(rig));
  const stored = JSON.stringify(rig.store.all(), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(stored).toContain(passwordLinkIdOf(token));
  expect(stored).not.toContain(token);
  expect(stored).not.toContain(password);
  expect(await open(passwordLinkIdOf('other'))).toMatchObject({
    status: 'unknown',
    locale: null,
    shown: null,
  });
});

test('of many openings at the same time one shows it; an opening sent again shows it again', async () => {
  const { rig, deliver, open } = await withMail();
  await deliver();
  const id = linkOf(rig);
  const showings = Array.from({ length: 5 }, () => newId());
  const answers = await Promise.all(showings.map((showing) => open(id, showing)));
  expect(answers.filter(({ shown }) => shown !== null)).toHaveLength(1);
  expect(openings(rig)).toHaveLength(1);
  const winner = showings[answers.findIndex(({ shown }) => shown !== null)];
  expect((await shownIn(rig, (await open(id, winner)).shown)).password).toBe(password);
});

test('an opening is shown again for ten minutes, and only while the password is the same', async () => {
  const { rig, clientId, deliver, open } = await withMail();
  await deliver();
  const id = linkOf(rig);
  const showing = newId();
  await open(id, showing);
  rig.setTime(begin + 600_000);
  expect((await shownIn(rig, (await open(id, showing)).shown)).password).toBe(password);
  rig.setTime(begin + 600_001);
  expect(await open(id, showing)).toMatchObject({ status: 'used', shown: null });
  rig.setTime(begin + 1000);
  const other = JSON.stringify({ ownerPassword: 'Other-Door-9' });
  const secrets = await rig.vault.seal(`client.${clientId}`, other);
  await rig.happens(streams.client(clientId), {
    type: 'ClientOwnerPasswordChanged',
    data: { clientId, operationId: clientId, secrets },
  });
  expect(await open(id, showing)).toMatchObject({ status: 'used', shown: null });
});

test('after its time it shows nothing, nor for a client that was deleted', async () => {
  const { rig, clientId, deliver, look, open } = await withMail();
  await deliver();
  const id = linkOf(rig);
  rig.setTime(begin + 7 * dayMs - 1);
  expect(await look(id)).toMatchObject({ status: 'ready' });
  rig.setTime(begin + 7 * dayMs);
  expect(await open(id)).toMatchObject({ status: 'expired', shown: null });
  rig.setTime(begin);
  await rig.happens(streams.client(clientId), {
    type: 'ClientDeleted',
    data: { clientId, operationId: clientId },
  });
  expect(await open(id)).toMatchObject({ status: 'expired', shown: null });
  expect(openings(rig)).toEqual([]);
});

test('a password set since then is not shown to whoever has the mail', async () => {
  const { rig, clientId, deliver, look, open } = await withMail();
  await deliver();
  const secrets = await rig.vault.seal(
    `client.${clientId}`,
    JSON.stringify({ ownerPassword: 'Other-Door-9' }),
  );
  await rig.happens(streams.client(clientId), {
    type: 'ClientOwnerPasswordChanged',
    data: { clientId, operationId: clientId, secrets },
  });
  const id = linkOf(rig);
  expect(await look(id)).toMatchObject({ status: 'changed' });
  expect(await open(id)).toMatchObject({ status: 'changed', shown: null });
  expect(openings(rig)).toEqual([]);
});

test('a key that can not be read at the moment uses no link up', async () => {
  const { rig, deliver } = await withMail();
  await deliver();
  const away = { ...rig.vault, open: () => Promise.reject(new Error('Away')) };
  const { OpenPasswordLink } = passwordLinkQueries({ ...rig, vault: away });
  const asked = { linkId: linkOf(rig), showingId: newId(), correlationId: 'r' };
  await expect(OpenPasswordLink?.(asked, context)).rejects.toThrow('Away');
  expect(openings(rig)).toEqual([]);
});

test('every attempt of a mail has the same link, with time enough', async () => {
  let refusals = 2;
  const { rig, deliver, look } = await withMail(async () => {
    if (refusals === 0) return '250 ok';
    refusals -= 1;
    throw failure('outage');
  });
  await deliver();
  const issuedAt = () => rig.store.all().filter(({ type }) => type === 'PasswordLinkIssued');
  rig.setTime(begin + dayMs / 2);
  await deliver();
  expect(issuedAt()).toHaveLength(1);
  rig.setTime(begin + 20 * dayMs);
  await deliver();
  expect(new Set(issuedAt().map(({ stream }) => stream)).size).toBe(1);
  expect(await look(linkOf(rig))).toMatchObject({ status: 'ready' });
  rig.setTime(begin + 26 * dayMs);
  expect(await look(linkOf(rig))).toMatchObject({ status: 'ready' });
});

test('a link that was opened is not issued anew', () => {
  const issued = { clientId: newId(), mailId: newId(), passwordRevision: 3 };
  const now = new Date(begin);
  const link = fold(passwordLinkDecider, [
    { type: 'PasswordLinkIssued', data: { ...issued, expiresAt: '2026-11-27T00:00:00.000Z' } },
    { type: 'PasswordLinkOpened', data: { clientId: issued.clientId, mailId: issued.mailId } },
  ] as never);
  expect(passwordLinkDecider.decide({ type: 'issue', ...issued, now, lifetimeMs: dayMs }, link)).toEqual([]);
  expect(statusOf(link, { now, passwordRevision: 3 })).toBe('used');
});
