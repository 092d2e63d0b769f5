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
  return { rig, vault, send, queries: webhookQueries(rig) };
};
const context = { minPosition: null, positionWaitMs: null };

test('a webhook is made once, changed, shown without its secret, and removed with its key', async () => {
  const { rig, vault, send, queries } = world();
  const webhookId = newId();
  const data = {
    webhookId,
    url: 'https://hooks.test/a',
    events: ['alert.raised' as const],
    secret: await vault.seal('transport', secret),
  };
  const id = newId();
  expect(await send('CreateWebhook', data, id)).toEqual({ webhookId });
  await send('CreateWebhook', data, id);
  await send('ChangeWebhook', { webhookId, active: false });
  const list = await queries.ListWebhooks?.({}, context);
  expect(list).toMatchObject({
    result: { items: [{ id: webhookId, url: data.url, events: ['alert.raised'], active: false }] },
  });
  expect(JSON.stringify(list)).not.toContain('secret');
  const sealed = (await readWebhooks(rig.store))[0]?.webhook.secret ?? '';
  expect(await vault.open(sealed)).toBe(secret);
  await send('RemoveWebhook', { webhookId });
  await expect(vault.open(sealed)).rejects.toMatchObject({ name: 'KeyDestroyed' });
  await expect(send('ChangeWebhook', { webhookId, active: true })).rejects.toMatchObject({
    faults: [{ code: 'not_found' }],
  });
});

test('a test is a notice for that webhook alone; what is not there can be neither tested nor replayed', async () => {
  const { rig, vault, send } = world();
  const [webhookId, noticeId] = [newId(), newId()];
  const gone = { faults: [{ code: 'not_found' }] };
  await expect(send('TestWebhook', { webhookId, noticeId })).rejects.toMatchObject(gone);
  await expect(send('ReplayDelivery', { noticeId })).rejects.toMatchObject(gone);
  const sealed = await vault.seal('transport', secret);
  await send('CreateWebhook', {
    webhookId,
    url: 'https://hooks.test/',
    events: ['bulk.failed'],
    secret: sealed,
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
  const { vault, send } = world();
  const webhookId = newId();
  const data = {
    webhookId,
    url: 'https://hooks.test/',
    events: ['bulk.failed' as const],
    secret: await vault.seal('transport', secret),
  };
  const url = 'https://hooks.test:99999/x';
  const refused = { faults: [{ code: 'validation_failed', pointer: '/data/attributes/url' }] };
  await expect(send('CreateWebhook', { ...data, url })).rejects.toMatchObject(refused);
  await send('CreateWebhook', data);
  await expect(send('ChangeWebhook', { webhookId, url })).rejects.toMatchObject(refused);
});

test('there are fifty at most', async () => {
  const { vault, send } = world();
  const sealed = await vault.seal('transport', secret);
  const make = () =>
    send('CreateWebhook', {
      webhookId: newId(),
      url: 'https://a.test/',
      events: ['bulk.failed'],
      secret: sealed,
    });
  for (let count = 0; count < 50; count += 1) await make();
  await expect(make()).rejects.toMatchObject({ faults: [{ code: 'too_many_webhooks' }] });
});
