import { afterEach, expect, test } from '@jest/globals';
import type { ClientView } from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { stopRigs } from '../../../test/rig.ts';
import { twoServers } from '../../../test/moving-servers.ts';
import { loadClient } from '../../domain/load.ts';
import { createPageReconciler } from './pages.ts';

afterEach(stopRigs);

test('the old address of a moved client leads on, whatever becomes of its virtual host', async () => {
  const { rig, one, clientId, common, move } = await twoServers();
  await rig.succeed(move());
  const path = 'clients/first/vhost.conf';
  const right = one.disk.files.get(path)?.content;
  const pages = createPageReconciler({
    store: rig.store,
    vault: rig.vault,
    clock: () => new Date(),
    timeZone: 'UTC',
    cloudServers: { of: ({ id }) => common.cloudOf(id), close: async () => {} },
    queries: querySenderOf({
      ListClients: async () => {
        const { state } = await loadClient(rig.store, clientId);
        if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
        const { client, held } = state;
        const view = { ...client, id: clientId, held, runningOperationId: null } as unknown as ClientView;
        return { result: { items: [view], total: 1, servers: [] } };
      },
    }),
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { everyMs: 3_600_000, parallel: 1 },
  });
  for (const text of [null, '# somebody else\n']) {
    if (text === null) one.disk.files.delete(path);
    else one.disk.files.set(path, { content: text, mode: 0o644 });
    await pages.runOnce();
    expect(one.disk.files.get(path)?.content).toBe(right);
  }
  await pages.stop();
});
