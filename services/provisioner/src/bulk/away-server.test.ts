import { CloudServerError, type CloudServer, type SshAccess } from '@alfa-cloud/cloud-server';
import { deriveId, message, type Command, type CommandData, type CommandName } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { afterEach, expect, test } from '@jest/globals';
import { listedIn } from '../../test/bulk-rig.ts';
import { fakeLaboratory } from '../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../test/rig.ts';

afterEach(stopRigs);

const noWay = new CloudServerError('transient', 'server_unreachable', message`no way leads there`);

/** Every call of the port fails as it does over ssh when nothing answers. */
const unreachable = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get: (target, name) =>
      typeof Reflect.get(target, name) === 'function'
        ? () => Promise.reject(noWay)
        : Reflect.get(target, name),
  });

/** A server over ssh that has been away for so long; each attempt to connect is counted. */
const away = (cloud: CloudServer, awayMs: number, attempts: { count: number }): CloudServer => ({
  ...unreachable(cloud),
  docker: unreachable(cloud.docker),
  files: unreachable(cloud.files),
  access: {
    kind: 'ssh',
    link: { status: 'down', failure: noWay, retryInMs: 0, awayMs },
    connect: async () => {
      attempts.count += 1;
      throw noWay;
    },
  } as unknown as SshAccess,
});

/** Clients a and b on the first server, y and z on the second. */
const start = async () => {
  const store = inMemoryEventStore();
  const labs = [fakeLaboratory(), fakeLaboratory()] as const;
  labs[1].engine.info.engineId = 'OTHER';
  for (const { engine } of labs) {
    const one = engine.images.get('alfa/client:1');
    if (one !== undefined) engine.images.set('alfa/client:2', { ...one, id: 'sha256:2' });
  }
  const serverIds: string[] = [];
  const isAway = { since: null as number | null };
  const attempts = { count: 0 };
  const rig = await startRig({
    cloud: labs[0],
    cloudOf: (id) => {
      if (id !== serverIds[1]) return labs[0];
      return isAway.since === null ? labs[1] : away(labs[1], isAway.since, attempts);
    },
    store,
    creation: inNoTime,
    readModels: listedIn(() => store),
  });
  const ids: Record<string, string> = {};
  for (const [index, slugs] of [
    ['a', 'b'],
    ['y', 'z'],
  ].entries()) {
    const registration = rig.registration({ name: `server ${index}`, domain: `s${index}.test` });
    serverIds.push(registration.data.serverId);
    await rig.succeed(registration);
    for (const slug of slugs) {
      const creation = await rig.creation(registration.data.serverId, { slug });
      await rig.succeed(creation);
      ids[slug] = creation.data.clientId;
    }
  }
  const endOf = async (operationId: string) => {
    const end = (await rig.eventsOf(operationId)).at(-1);
    if (end?.type === 'OperationSucceeded') return 'ok';
    if (end?.type === 'OperationFailed') return end.data.cause.code;
    if (end?.type === 'OperationRejected') return end.data.cause?.code;
    return end?.type;
  };
  const send = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
    const { reply } = await rig.send(command);
    return { reply, id: operationIdOf(command), end: await endOf(operationIdOf(command)) };
  };
  const childrenOf = async (operationId: string) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(ids).map(
          async ([slug, id]) => [slug, await endOf(deriveId(operationId, id))] as const,
        ),
      ),
    );
  return { rig, ids, isAway, attempts, send, childrenOf };
};

const halfAway = { a: 'ok', b: 'ok', y: 'server_unreachable', z: 'server_unreachable' };

test.each([
  ['SwitchAllImages', { targetImage: 'alfa/client:2' }],
  ['MigrateAllClients', {}],
  ['DeployClients', {}],
] as const)(
  '%s goes on without the server that is away, and the retry takes its clients',
  async (name, data) => {
    const { rig, isAway, send, childrenOf } = await start();
    isAway.since = 60_000;
    const { result } = await rig.askQueries.ask('PlanBulk', {
      kind: {
        SwitchAllImages: 'clients.switch',
        MigrateAllClients: 'clients.migrate',
        DeployClients: 'clients.deploy',
      }[name],
      data,
    } as never);
    expect(result).toMatchObject({
      obstacles: [],
      awayServers: [{ reason: 'Server server 1 does not answer: no way leads there' }],
    });
    const { id, end } = await send(commandOf(name, data));
    expect([end, await childrenOf(id)]).toEqual(['children_failed', halfAway]);
    expect(await rig.story(id)).toContain('no way leads there');
    isAway.since = null;
    const retry = await send(commandOf('RetryOperation', { operationId: id }));
    expect([retry.end, await childrenOf(retry.id)]).toEqual([
      'ok',
      { a: undefined, b: undefined, y: 'ok', z: 'ok' },
    ]);
  },
);

test('nothing begins on a server that has been away for a while, and its client is free afterwards', async () => {
  const { ids, isAway, attempts, send } = await start();
  const reboot = () => send(commandOf('RebootClient', { clientId: ids['y'] ?? '' }));
  isAway.since = 45_000;
  expect((await reboot()).reply).toMatchObject({
    outcome: 'rejected',
    faults: [
      {
        code: 'server_unreachable',
        detail:
          'Server server 1 has not been reached for 45 s, so nothing was begun there: no way leads there',
      },
    ],
  });
  expect(attempts.count).toBe(1);
  isAway.since = null;
  expect((await reboot()).end).toBe('ok');
});
