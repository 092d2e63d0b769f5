import {
  deriveId,
  joined,
  message,
  messageOf,
  streams,
  type Message,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import { fold, handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { Execution, PlannedChildren, StepWork } from '@alfa-cloud/operations';
import { serverDecider } from '@alfa-cloud/servers';
import { final } from '../on-server/failures.ts';
import type { ChoiceDeps } from '../operations/create/choose-server.ts';
import { residentsOf } from './plan-drain.ts';

type OfServer = Pick<Execution<{ serverId: string }>, 'data' | 'operationId' | 'cause'>;

/** Whether the server can be drained now. @throws Rejection */
export const admitDraining = async (
  store: EventStore,
  { data: { serverId }, operationId }: OfServer,
): Promise<void> => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  serverDecider.decide({ type: 'begin_draining', operationId }, fold(serverDecider, events));
};

/** From here on no client comes to the server. Repeatable. */
export const beginDraining = async (
  store: EventStore,
  { data: { serverId }, operationId, cause }: OfServer,
): Promise<void> => {
  await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command: { type: 'begin_draining', operationId },
    cause,
    eventIds: (index) => deriveId(operationId, 'draining', index),
  });
};

const leftMs = 120_000;
/** Clients named in the reason of a failure. */
const namedMax = 20;

/** Looks who lives on the server still. Whose move has failed is told with the results of all. */
export const leftStep = (
  deps: ChoiceDeps,
  plan: () => Promise<PlannedChildren>,
  serverId: string,
): StepWork<null> => ({
  deadlineMs: leftMs,
  async act() {
    const { children, skipped } = await plan();
    const { living, kept } = await residentsOf(deps, serverId);
    const tried = new Set(children.map(({ clientId }) => clientId));
    const stayed = living.filter(({ clientId }) => !tried.has(clientId));
    if (stayed.length === 0) return `Clients left: ${living.length}; kept for a way back: ${kept}`;
    const reasons = new Map(skipped.map((each) => [each.clientId, messageOf(each)]));
    const lines = stayed.slice(0, namedMax).map(({ clientId, state }): Message => ({
      template: '{}: {}',
      values: [
        state.client.slug,
        reasons.get(clientId) ?? message`it has come since the clients were listed`,
      ],
    }));
    throw final(
      'clients_left',
      message`Clients left on the server: ${stayed.length}. ${joined(lines, '; ')}`,
    );
  },
});

/** What is left on the server, for the operation's result. */
export const leftOn = async (
  deps: ChoiceDeps,
  serverId: string,
): Promise<{ left: { clientId: string; slug: string }[]; leftTotal: number; kept: number }> => {
  const { living, kept } = await residentsOf(deps, serverId);
  const left = living
    .slice(0, namedMax)
    .map(({ clientId, state }) => ({ clientId, slug: state.client.slug }));
  return { left, leftTotal: living.length, kept };
};
