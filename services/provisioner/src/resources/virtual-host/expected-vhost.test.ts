import { describe, expect, test } from '@jest/globals';
import { newId, type ClientEvent, type OperationKind } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { upstreamOfVhost } from '../../on-server/virtual-host.ts';
import { clientDecider } from '../../domain/client.ts';
import { expectedVhost } from './expected-vhost.ts';

const deps = { clock: () => new Date('2026-11-22T00:00:00Z'), timeZone: 'UTC' };
const clientId = newId();
const creation = newId();

const created: ClientEvent[] = [
  {
    type: 'ClientCreationRequested',
    data: {
      clientId,
      operationId: creation,
      serverId: newId(),
      slug: 'first',
      locale: 'ru',
      expireDate: '2099-12-31',
      image: 'alfa/client:1',
      limits: { memoryMb: 256, cpus: 1, pids: 64 },
      demo: false,
      sendSuccess: false,
      personal: 'v1.',
      secrets: 'v1.',
    },
  },
  {
    type: 'ClientCreated',
    data: { clientId, operationId: creation, image: 'alfa/client:1', imageId: 'sha256:1' },
  },
];

const stateAfter = (...later: ClientEvent[]) => {
  const state = fold(clientDecider, [...created, ...later]);
  if (state.status === 'absent') throw new Error('no client');
  return state;
};

const begun = (operationId: string, kind: OperationKind): ClientEvent => ({
  type: 'ClientOperationBegun',
  data: { clientId, operationId, kind },
});

const vhost = (
  ...[state, found, desired]: [ReturnType<typeof stateAfter>, string | null, { upstream: string }?]
) => expectedVhost(deps, state, { domain: 'lab.test' }, found, desired).text;

describe('a virtual host leads', () => {
  const operationId = newId();
  const repointed = vhost(stateAfter(), null, { upstream: operationId });

  test('to the container that is recorded', () => {
    expect(upstreamOfVhost(vhost(stateAfter(), null))).toBe(creation);
    const switched: ClientEvent = {
      type: 'ClientImageSwitched',
      data: { clientId, operationId, from: 'alfa/client:1', to: 'alfa/client:2', imageId: 'sha256:2' },
    };
    expect(upstreamOfVhost(vhost(stateAfter(switched), null))).toBe(operationId);
  });

  test.each(['client.switch', 'client.rollback', 'client.apply_changes', 'client.deploy'] as const)(
    'where the running %s has pointed it',
    (kind) => {
      expect(vhost(stateAfter(begun(operationId, kind)), repointed)).toBe(repointed);
    },
  );

  test('nowhere else: not where an operation has pointed it that is over, or that is about something else', () => {
    const others = [stateAfter(), stateAfter(begun(newId(), 'client.switch'))];
    for (const state of [...others, stateAfter(begun(operationId, 'client.reboot'))]) {
      expect(upstreamOfVhost(vhost(state, repointed))).toBe(creation);
    }
  });
});
