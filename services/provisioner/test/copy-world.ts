import type { Command, CommandData } from '@alfa-cloud/contracts';
import { inventory } from '../src/resources/inventory.ts';
import type { Transfer } from '../src/resources/transfer/client-transfer.ts';
import { fakeLaboratory, type FakeLaboratory, type FakeLaboratoryOptions } from './fake-laboratory.ts';
import { transferBetweenServers } from '../src/resources/transfer/transfer-between-servers.ts';
import { commandOf, inNoTime, operationIdOf, startRig, type RigOptions } from './rig.ts';

type CopyCommand = Command<CommandData<'CopyClient'>, 'CopyClient'>;

/** A client on a production server and a stage server beside it, both in memory. */
export const copyWorld = async (
  options: {
    stage?: FakeLaboratoryOptions;
    source?: FakeLaboratoryOptions;
    /** Called before the source's database is read. */
    onRead?: () => Promise<void>;
    role?: 'production' | 'stage' | 'build';
    rig?: Partial<RigOptions>;
  } = {},
) => {
  const production = fakeLaboratory(options.source);
  const stage = fakeLaboratory(options.stage);
  const laboratories = new Map<string, FakeLaboratory>();
  const laboratoryOf = (id: string): FakeLaboratory => laboratories.get(id) ?? production;
  const transfer: Transfer = {
    ...transferBetweenServers,
    async copyDatabase(...args) {
      await options.onRead?.();
      return transferBetweenServers.copyDatabase(...args);
    },
  };
  const more = { cloudOf: laboratoryOf, transfer };
  const rig = await startRig({ cloud: production, creation: inNoTime, ...more, ...options.rig });
  const registration = rig.registration();
  const register = async (laboratory: FakeLaboratory, name: string, domain: string): Promise<string> => {
    const role = options.role ?? 'stage';
    const target = rig.registration({ name, role, domain, proxy: { httpPort: 8081 } });
    laboratories.set(target.data.serverId, laboratory);
    await rig.succeed(target);
    return target.data.serverId;
  };
  await rig.succeed(registration);
  const stageId = await register(stage, 'Stage', 'stage.test');
  const creation = await rig.creation(registration.data.serverId, { expireDate: '2099-05-06' });
  await rig.succeed(creation);
  production.database.content.set('alfa_first', 'patients jobs failed_jobs');
  production.storage.set('alfa-first-storage', 'files');
  const { clientId } = creation.data;
  const copying = (data: Partial<CommandData<'CopyClient'>> = {}): CopyCommand =>
    commandOf('CopyClient', { clientId, targetServer: stageId, ...data });
  const send = async (command: CopyCommand) => {
    const { reply } = await rig.send(command);
    if (reply?.outcome === 'rejected') return reply.faults.map(({ code }) => code);
    const end = (await rig.eventsOf(operationIdOf(command))).at(-1);
    if (end?.type === 'OperationSucceeded') return 'ok';
    return end?.type === 'OperationFailed' ? end.data.cause.code : end?.type;
  };
  return {
    rig,
    production,
    stage,
    more,
    clientId,
    stageId,
    serverId: registration.data.serverId,
    copying,
    send,
    /** A further server of the same role. */
    register,
    /** What stands on the stage server and is answered there. */
    onStage: async () => ({ ...(await inventory(stage)), hosts: [...stage.hosts.keys()] }),
    sealed: (text: string) => rig.vault.seal('transport', text),
  };
};

export type CopyWorld = Awaited<ReturnType<typeof copyWorld>>;
