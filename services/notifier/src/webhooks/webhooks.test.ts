import { expect, test } from '@jest/globals';
import { newId, type CommandData, type CommandName } from '@alfa-cloud/contracts';
import { createRig } from '../testing/rig.ts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { webhookHandlers } from './webhook-handlers.ts';
import { webhookQueries } from './webhook-queries.ts';
import { readWebhooks } from './webhooks.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const world = () => {
  const rig = createRig();
  const vault = inMemoryVault();
  const handlers = webhookHandlers({ ...rig, vault });
  const send = async <Name extends keyof typeof handlers & CommandName>(
    name: Name,
    data: CommandData<Name>,
    id = newId(),
  ) => {
    let ids: unknown;
    const command = {
      id,
      name,
      data,
      actor: 'admin',
      correlationId: 'r',
      causationId: 'r',
      issuedAt: '',
      fingerprint: '',
    };
    await handlers[name].handle({
      command,
      accepted: async (given: unknown) => void (ids = given),
    } as never);
    return ids;
  };
  const sealed = (text: string) => vault.seal('transport', text);
  return { rig, vault, send, sealed, queries: webhookQueries(rig) };
};
const context = { minPosition: null, positionWaitMs: null };

test('a webhook is made once, changed, shown without its secret, and removed with its key', async () => {
  const { rig, vault, send, sealed, queries } = world();
  const webhookId = newId();
  const url = 'https://hooks.test/services/T0/canary-Token';
  const data = {
    webhookId,
    url: await sealed(url),
    events: ['alert.raised' as const],
    secret: await sealed(secret),
  };
  const id = newId();
  expect(await send('CreateWebhook', data, id)).toEqual({ webhookId });
  await send('CreateWebhook', data, id);
  await send('ChangeWebhook', { webhookId, active: false });
  const list = await queries.ListWebhooks?.({}, context);
  expect(list).toMatchObject({
    result: {
      items: [{ id: webhookId, url: 'https://hooks.test/…', events: ['alert.raised'], active: false }],
    },
  });
  expect(JSON.stringify(list)).not.toContain('secret');
  const events = JSON.stringify(rig.store.all().map(({ data: stored }) => stored));
  expect(events).toContain('https://hooks.test/…');
  expect(events).not.toContain('canary-Token');
  const [known] = await readWebhooks(rig.store);
  expect(await vault.open(known?.webhook.secret ?? '')).toBe(secret);
  expect(await vault.open(known?.webhook.sealedUrl ?? '')).toBe(url);
  await send('ChangeWebhook', { webhookId, url: await sealed('https://other.test/') });
  const [changed] = await readWebhooks(rig.store);
  expect(changed?.webhook.url).toBe('https://other.test/');
  expect(await vault.open(changed?.webhook.sealedUrl ?? '')).toBe('https://other.test/');
  await send('RemoveWebhook', { webhookId });
  await expect(vault.open(known?.webhook.secret ?? '')).rejects.toMatchObject({ name: 'KeyDestroyed' });
  await expect(send('ChangeWebhook', { webhookId, active: true })).rejects.toMatchObject({
    faults: [{ code: 'not_found' }],
  });
});

test('a test is a notice for that webhook alone; what is not there can be neither tested nor replayed', async () => {
  const { rig, send, sealed } = world();
  const [webhookId, noticeId] = [newId(), newId()];
  const gone = { faults: [{ code: 'not_found' }] };
  await expect(send('TestWebhook', { webhookId, noticeId })).rejects.toMatchObject(gone);
  await expect(send('ReplayDelivery', { noticeId })).rejects.toMatchObject(gone);
  await send('CreateWebhook', {
    webhookId,
    url: await sealed('https://hooks.test/'),
    events: ['bulk.failed'],
    secret: await sealed(secret),
  });
  await send('TestWebhook', { webhookId, noticeId });
  expect(rig.store.all().filter(({ type }) => type.startsWith('Notice'))).toMatchObject([
    {
      type: 'NoticeRequested',
      data: { noticeId, type: 'test', recipient: { kind: 'webhook', id: webhookId } },
    },
  ]);
});

test('an address with a port that there is not is refused, when it is made and when it is changed', async () => {
  const { send, sealed } = world();
  const webhookId = newId();
  const data = {
    webhookId,
    url: await sealed('https://hooks.test/'),
    events: ['bulk.failed' as const],
    secret: await sealed(secret),
  };
  const url = await sealed('https://hooks.test:99999/x');
  const refused = { faults: [{ code: 'validation_failed', pointer: '/data/attributes/url' }] };
  await expect(send('CreateWebhook', { ...data, url })).rejects.toMatchObject(refused);
  await send('CreateWebhook', data);
  await expect(send('ChangeWebhook', { webhookId, url })).rejects.toMatchObject(refused);
});

test('there are fifty at most', async () => {
  const { send, sealed } = world();
  const [url, sealedSecret] = await Promise.all(['https://a.test/', secret].map(sealed));
  const make = () =>
    send('CreateWebhook', {
      webhookId: newId(),
      url: url ?? '',
      events: ['bulk.failed'],
      secret: sealedSecret ?? '',
    });
  for (let count = 0; count < 50; count += 1) await make();
  await expect(make()).rejects.toMatchObject({ faults: [{ code: 'too_many_webhooks' }] });
});
