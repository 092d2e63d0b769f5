import { afterEach, expect, test } from '@jest/globals';
import {
  newId,
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import { momentsOf, sendWithCrash, type Moment } from '../../../test/crash.ts';
import { fakeLaboratory, type FakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

type Action = Command<
  CommandData<'SwitchImage' | 'RollBackImage' | 'ChangeClient'>,
  'SwitchImage' | 'RollBackImage' | 'ChangeClient'
>;

const host = 'first.lab.test';

/** One operation to be walked through, again and again on one client. */
interface Case {
  /** Makes the client such that the operation has something to do. */
  before?: (clientId: string) => Action[];
  command: (clientId: string) => Action;
  /** What becomes ill as soon as it is made. */
  sick?: string;
  /** Events of the operation on the client. */
  events: ClientEvent['type'][];
  end: OperationEvent['type'];
  /** The container in service afterwards, and who has made it: the operation or an earlier one. */
  image: string;
  isNew: boolean;
  truth?: (cloud: FakeLaboratory) => unknown;
}

const to = (clientId: string, targetImage: string) => commandOf('SwitchImage', { clientId, targetImage });
const memory = (clientId: string, memoryMb: number) =>
  commandOf('ChangeClient', { clientId, limits: { memoryMb } });

const cases: Record<string, Case> = {
  'a switch': {
    before: (clientId) => [to(clientId, 'alfa/client:1')],
    command: (clientId) => to(clientId, 'alfa/client:2'),
    events: ['ClientOperationBegun', 'ClientImageSwitched', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    image: 'alfa/client:2',
    isNew: true,
  },
  'a switch to an image that is ill': {
    command: (clientId) => to(clientId, 'alfa/client:ill'),
    sick: 'alfa/client:ill',
    events: ['ClientOperationBegun', 'ClientOperationEnded'],
    end: 'OperationFailed',
    image: 'alfa/client:1',
    isNew: false,
  },
  'a switch to an image that falls ill when it has the visitors': {
    command: (clientId) => to(clientId, 'alfa/client:falls-ill'),
    sick: 'alfa/client:falls-ill',
    events: ['ClientOperationBegun', 'ClientOperationEnded'],
    end: 'OperationFailed',
    image: 'alfa/client:1',
    isNew: false,
  },
  'a rollback': {
    before: (clientId) => [to(clientId, 'alfa/client:1'), to(clientId, 'alfa/client:2')],
    command: (clientId) => commandOf('RollBackImage', { clientId }),
    events: ['ClientOperationBegun', 'ClientImageSwitched', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    image: 'alfa/client:1',
    isNew: true,
  },
  'a change of limits': {
    before: (clientId) => [memory(clientId, 256)],
    command: (clientId) => memory(clientId, 512),
    events: ['ClientOperationBegun', 'ClientChanged', 'ClientContainerReplaced', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    image: 'alfa/client:1',
    isNew: true,
    truth: (cloud) => cloud.engine.containers.get('alfa-first')?.spec.limits?.memoryMb === 512,
  },
  'a change of host names': {
    before: (clientId) => [commandOf('ChangeClient', { clientId, aliases: ['old.example'] })],
    command: (clientId) => commandOf('ChangeClient', { clientId, aliases: ['new.example'] }),
    events: ['ClientOperationBegun', 'ClientChanged', 'ClientOperationEnded'],
    end: 'OperationSucceeded',
    image: 'alfa/client:1',
    isNew: false,
    truth: (cloud) => cloud.hosts.has('new.example') && !cloud.hosts.has('old.example'),
  },
};

test.each(Object.entries(cases))(
  '%s: comes to the same end whenever its worker is killed, and visitors notice nothing',
  async (_name, { before, command, sick, events, end, image, isNew, truth }) => {
    const cloud = fakeLaboratory({
      health: (name, asked) => {
        if (cloud.engine.containers.get(name)?.spec.labels['cloud.alfa.image.reference'] !== sick) return 200;
        const hasVisitors =
          cloud.hosts.get(host)?.upstream === cloud.engine.containers.get(name)?.spec.aliases?.[0];
        return sick === 'alfa/client:falls-ill' && (!hasVisitors || asked === host) ? 200 : 500;
      },
    });
    for (const tag of ['2', 'ill', 'falls-ill']) {
      const reference = `alfa/client:${tag}`;
      cloud.engine.images.set(reference, { id: `sha256:${reference}`, labels: {}, user: '33:33' });
    }
    const seen = new Set<number>();
    const visit = async () => {
      seen.add((await cloud.get({ port: 8080, host, path: '/' })).status);
    };
    const watched = withEffectHooks(cloud, { before: visit, after: visit });
    const rig = await startRig({ cloud, creation: inNoTime });
    const registration = rig.registration();
    await rig.send(registration);
    const creation = await rig.creation(registration.data.serverId, { clientId: newId() });
    await rig.send(creation);
    const { clientId } = creation.data;
    const world = await inventory(cloud);

    const runWith = async (moment: Moment | null) => {
      for (const earlier of before?.(clientId) ?? []) await rig.send(earlier);
      const containerBefore = cloud.engine.containers.get('alfa-first')?.id;
      const sent = command(clientId);
      const operationId = operationIdOf(sent);
      const run = await sendWithCrash(rig, watched, sent, moment);
      if ((await rig.eventsOf(operationId)).at(-1)?.type !== end) {
        throw new Error(`${JSON.stringify(moment)}\n${await rig.story(operationId)}`);
      }
      const stream = (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
      const types = stream.flatMap(({ type, data }) =>
        'operationId' in data && data.operationId === operationId ? [type] : [],
      );
      const container = cloud.engine.containers.get('alfa-first');
      expect({
        moment,
        died: run.died,
        types,
        image: container?.spec.labels['cloud.alfa.image.reference'],
        isNew: container?.id !== containerBefore,
        leadsToIt: cloud.hosts.get(host)?.upstream === container?.spec.aliases?.[0],
        truth: truth?.(cloud) ?? true,
        seen: [...seen],
      }).toEqual({
        moment,
        died: moment !== null,
        types: events,
        image,
        isNew,
        leadsToIt: true,
        truth: true,
        seen: [200],
      });
      expect(await inventory(cloud)).toEqual(world);
      return run;
    };
    const moments = momentsOf(await runWith(null));
    expect(moments.length).toBeGreaterThan(20);
    for (const moment of moments) await runWith(moment);
  },
);
