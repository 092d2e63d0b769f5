import { message, newId, streams, type ClientEvent, type CommandData } from '@alfa-cloud/contracts';
import type { PortRequest, PortResponse } from '@alfa-cloud/cloud-server';
import type { ClientOnServer } from '../src/on-server/client-on-server.ts';
import { final } from '../src/on-server/failures.ts';
import type { Transfer } from '../src/resources/transfer/client-transfer.ts';
import { fakeLaboratory, type FakeLaboratory, type FakeLaboratoryOptions } from './fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, type Rig, type RigOptions } from './rig.ts';

/** What a transfer does between two servers in memory: their volumes and databases hold texts. */
export const fakeTransfer = (labOf: (serverId: string) => FakeLaboratory): Transfer => {
  const volumeOf = ({ server, names }: ClientOnServer) => labOf(server.id).storage.get(names.volume) ?? '';
  const contentOf = ({ server, names }: ClientOnServer) =>
    labOf(server.id).database.content.get(names.database) ?? '';
  /** An effect on a server, so that a worker can die there. */
  const touch = ({ cloud }: ClientOnServer) => cloud.docker.exec('alfa-database', { argv: ['ls', '/'] });
  return {
    async measure(client) {
      const [database, storage] = [contentOf(client), volumeOf(client)];
      return { databaseBytes: database.length, storageBytes: storage.length, files: 1, obstacles: [] };
    },
    async copyStorage(from, to) {
      await touch(to);
      const text = volumeOf(from);
      labOf(to.server.id).storage.set(to.names.volume, text);
      return { bytes: text.length, sent: 1, removed: 0 };
    },
    async copyDatabase(from, to) {
      await touch(to);
      const [source, target] = [labOf(from.server.id).database, labOf(to.server.id).database];
      if (!target.databases.has(to.names.database)) throw new Error('There is no database to load into');
      target.content.set(to.names.database, contentOf(from));
      const settings = source.settings.get(from.names.database);
      if (settings !== undefined) target.settings.set(to.names.database, { ...settings });
      return { tables: 1, bytes: 1, warnings: [] };
    },
    async verify(from, to) {
      if (volumeOf(from) === volumeOf(to) && contentOf(from) === contentOf(to)) return 'Both are the same';
      throw final('transfer_differs', message`Something else`);
    },
    async compare(before, now) {
      const [old, new_] = [contentOf(before), contentOf(now)];
      const rows = (text: string) => text.split('\n').length;
      return {
        tables: old === new_ ? [] : [{ name: 'results', before: rows(old), now: rows(new_) }],
        files: { added: 0, changed: volumeOf(before) === volumeOf(now) ? 0 : 1, removed: 0 },
      };
    },
    end: async () => {},
  };
};

const overSsh = async ({ vault }: Rig, host: string) => ({
  kind: 'ssh' as const,
  host,
  username: 'alfa',
  credentials: await vault.seal('transport', JSON.stringify({ privateKey: 'key' })),
});

/** Two servers in memory with a client on the first one, which holds data. */
export const twoServers = async (
  options: {
    rig?: Partial<RigOptions>;
    labs?: [FakeLaboratoryOptions?, FakeLaboratoryOptions?];
    client?: Partial<CommandData<'CreateClient'>>;
    /** Domain of the second server. Default `two.test`; that of the first is `one.test`. */
    domain?: string;
    /** Where the second server is reached; absent: it is the machine itself, as the first one. */
    address?: string;
  } = {},
) => {
  const [first = {}, second = {}] = options.labs ?? [];
  const proxies: { two: FakeLaboratory | null } = { two: null };
  const reach = (_address: string, request: PortRequest): PortResponse | null =>
    proxies.two === null ? null : (proxies.two.answer(request) ?? null);
  const one = fakeLaboratory({ reach, ...first });
  const two = fakeLaboratory(second);
  proxies.two = two;
  one.engine.info = { ...one.engine.info, engineId: 'ONE' };
  two.engine.info = { ...two.engine.info, engineId: 'TWO' };
  const labs = new Map<string, FakeLaboratory>();
  const labOf = (serverId: string): FakeLaboratory => {
    const lab = labs.get(serverId);
    if (lab === undefined) throw new Error(`There is no server ${serverId}`);
    return lab;
  };
  const common = { cloudOf: labOf, transfer: fakeTransfer(labOf) };
  const rig = await startRig({ cloud: one, creation: inNoTime, ...common, ...options.rig });
  const register = async (
    lab: FakeLaboratory,
    name: string,
    domain: string,
    host?: string,
  ): Promise<string> => {
    const connection = host === undefined ? ({ kind: 'local' } as const) : await overSsh(rig, host);
    const registration = rig.registration({ name, domain, connection });
    const { serverId } = registration.data;
    labs.set(serverId, lab);
    await rig.send(registration);
    return serverId;
  };
  const from = await register(one, 'one', 'one.test');
  const to = await register(two, 'two', options.domain ?? 'two.test', options.address);
  const clientId = newId();
  await rig.succeed(await rig.creation(from, { clientId, ...options.client }));
  one.storage.set('alfa-first-storage', 'files');
  one.database.content.set('alfa_first', 'rows');
  const eventsOnClient = async (): Promise<ClientEvent[]> =>
    (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
  return {
    rig,
    one,
    two,
    from,
    to,
    clientId,
    common,
    eventsOnClient,
    move: (data: Partial<CommandData<'MoveClient'>> = {}) =>
      commandOf('MoveClient', { clientId, targetServer: to, ...data }),
    undo: (move: { id: string }) => commandOf('UndoMove', { clientId, moveId: operationIdOf(move) }),
    release: (move: { id: string }) => commandOf('ReleaseMove', { clientId, moveId: operationIdOf(move) }),
  };
};

export type TwoServers = Awaited<ReturnType<typeof twoServers>>;
