import {
  deriveId,
  message,
  reasonOf,
  rebootServer as operation,
  reject,
  streams,
  type Reason,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause, type EventStore } from '@alfa-cloud/event-sourcing';
import { inOrder, type Begun, type OperationEnd, type StepsOf } from '@alfa-cloud/operations';
import { type RebootCommand, serverDecider, type ServerState } from '@alfa-cloud/servers';
import { loadPreparation, type Preparation } from '../../on-server/preparation.ts';
import type { OperationModule, OperationsDeps } from '../common/module.ts';
import { readDrained } from '../../on-server/drained.ts';
import { clientsStep } from './steps/clients.ts';
import { drainStep } from './steps/drain.ts';
import { dockerStep, machineStep } from './steps/machine.ts';
import { rebootStep } from './steps/reboot.ts';
import { recordStep } from './steps/record.ts';
import { databaseStep, proxyStep } from './steps/services.ts';

/** Reboots a machine, once nothing works on it any more, and waits for all that ran there. */
export const rebootServer: OperationModule<typeof operation> = {
  operation,
  implement: (deps) => ({
    operation,
    async begin({ data: { serverId }, operationId, cause }): Promise<Begun> {
      const { store } = deps;
      const { events } = await store.read<ServerEvent>(streams.server(serverId));
      const hasBegun = events.some(
        ({ type, data }) => type === 'ServerRebootBegun' && data.operationId === operationId,
      );
      if (!hasBegun) {
        const command = { type: 'begin_reboot', operationId } as const;
        const state = fold(serverDecider, events);
        // Whether it can be rebooted at all is said before anything about its connection.
        serverDecider.decide(command, state);
        refuseOwnMachine(deps, state);
        await record(store, { serverId, key: 'begin', command, cause });
      }
      const begun: Begun<Preparation> = {
        target: { type: 'server', id: serverId },
        ids: { serverId },
        steps: inOrder(operation, stepsOf(deps)),
        // It takes no place among the operations there, for which it waits.
        servers: [],
        async load() {
          const context = await loadPreparation(deps, serverId);
          return { context, redact: context.redact };
        },
        conclude: (_context, end) => conclude(deps, { serverId, operationId, end, cause }),
      };
      return begun;
    },
    // An operation that was given up has not told the server of its end, and nothing could begin there any more.
    async afterwards({ data: { serverId }, operationId, cause }, end) {
      if (end.status !== 'ok') await recordFailure(deps.store, { serverId, operationId, end, cause });
    },
  }),
};

const stepsOf = (deps: OperationsDeps): StepsOf<typeof operation, Preparation> => ({
  drain: drainStep(deps),
  record: recordStep(deps),
  reboot: rebootStep(deps),
  machine: machineStep(deps),
  docker: dockerStep(deps.reboot),
  database: databaseStep(deps.preparation),
  proxy: proxyStep,
  clients: clientsStep(deps),
});

/** Alfa Cloud would go down with it, in the middle of whatever it does on other servers. */
const refuseOwnMachine = ({ reboot }: OperationsDeps, state: ServerState): void => {
  if (state.status === 'absent' || state.server.connection.kind !== 'local') return;
  if (reboot.localCommand !== null) return;
  throw reject(
    'server_is_local',
    message`Server ${state.server.name} is the machine on which Alfa Cloud itself runs, and it is not rebooted from here unless ALFA_REBOOT_LOCAL_COMMAND says how`,
  );
};

const conclude = async (
  { store, clock }: OperationsDeps,
  { serverId, operationId, end, cause }: Ended,
): Promise<Record<string, unknown>> => {
  if (end.status !== 'ok') {
    await recordFailure(store, { serverId, operationId, end, cause });
    return {};
  }
  const { clients, at } = await readDrained(store, serverId, operationId);
  const awayMs = Math.max(0, clock().getTime() - at.getTime());
  const command = { type: 'end_reboot', operationId, awayMs } as const;
  const { events } = await record(store, { serverId, key: 'end', command, cause });
  const rebooted = events.find((event) => event.type === 'ServerRebooted');
  return { serverId, clients: clients.length, awayMs: rebooted?.data.awayMs ?? awayMs };
};

interface Ended {
  serverId: string;
  operationId: string;
  end: OperationEnd;
  cause: Cause;
}

const recordFailure = async (
  store: EventStore,
  { serverId, operationId, end, cause }: Ended,
): Promise<void> => {
  if (end.status === 'ok') return;
  const command = { type: 'fail_reboot', operationId, ...whyOf(end) } as const;
  await record(store, { serverId, key: 'end', command, cause });
};

const whyOf = (end: Exclude<OperationEnd, { status: 'ok' }>): Reason => {
  if (end.status === 'cancelled') {
    return { code: 'cancelled', ...reasonOf(message`The reboot was cancelled on request`) };
  }
  const { step: _, ...why } = end.cause;
  return why;
};

const record = (
  store: EventStore,
  { serverId, key, command, cause }: { serverId: string; key: string; command: RebootCommand; cause: Cause },
) =>
  handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command,
    cause,
    eventIds: (index) => deriveId(command.operationId, key, index),
  });
