import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import type { ClientState } from '../../domain/client.ts';
import type { BeforeMove } from '../../domain/held.ts';
import { loadClient } from '../../domain/load.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Place } from '../common/client-operation.ts';
import type { OperationsDeps } from '../common/module.ts';

type Known = Exclude<ClientState, { status: 'absent' }>;
type Deps = Pick<OperationsDeps, 'store' | 'vault' | 'cloudServers'>;

/** A client between two servers: what the steps of a move, and of its undoing, share. */
export interface Moving {
  /** Where it lives until `repoint`, as it is there. */
  from: ClientOnServer;
  /** Where it lives from then on, as it shall be there. */
  to: ClientOnServer;
}

/** The client as it stands on one of the servers. */
export type Side = keyof Moving;

/** Servers between which an operation moves a client, whether that is recorded by now or not. */
export interface Route {
  from: string;
  to: string;
}

/** @param to where the operation leads to; not asked once it has been there */
export const routeOf = (state: Known, operationId: string, to: () => string): Route => {
  const { serverId } = state.client;
  const held = state.status === 'active' ? state.held : null;
  return held?.operationId === operationId
    ? { from: held.serverId, to: serverId }
    : { from: serverId, to: to() };
};

/** A move to a server on which it gets a container of the operation's own. */
export const towards = (deps: Deps, clientId: string, operationId: string, route: Route): Place<Moving> => ({
  servers: [route.from, route.to],
  async load() {
    const from = await loadClientOnServer(deps, clientId, route.from);
    const to = await loadClientOnServer(deps, clientId, route.to);
    const containerOrigin = { ...to.containerOrigin, operationId };
    return { context: { from, to: withValues(to, { containerOrigin }) }, redact: from.redact };
  },
});

/** A move back to a server that has kept the client as it was there. `before` null: it lives there by its record already. */
export const backTo = (
  deps: Deps,
  clientId: string,
  before: BeforeMove | null,
  route: Route,
): Place<Moving> => ({
  servers: [route.from, route.to],
  async load() {
    const from = await loadClientOnServer(deps, clientId, route.from);
    const to = await loadClientOnServer(deps, clientId, route.to);
    const context = { from, to: before === null ? to : asBefore(to, before) };
    return { context, redact: from.redact };
  },
});

const asBefore = (client: ClientOnServer, before: BeforeMove): ClientOnServer =>
  withValues(client, {
    client: { ...client.client, image: before.image, secrets: before.secrets },
    containerOrigin: { ...client.containerOrigin, operationId: before.containerOperationId },
    imageId: before.imageId,
    previousImage: before.previousImage,
    demo: before.demo,
  });

/** A copy with other values. What can't be read without the client's key stays as it is, and is not read here. */
const withValues = (client: ClientOnServer, values: Partial<ClientOnServer>): ClientOnServer =>
  Object.assign(
    Object.defineProperties({}, Object.getOwnPropertyDescriptors(client)) as ClientOnServer,
    values,
  );

/** A step on the client where it stands on one side. */
export const at = (side: Side, step: StepWork<ClientOnServer>): StepWork<Moving> => {
  const { act, skip, probe, verify, compensate, ...rest } = step;
  return {
    ...rest,
    act: (moving, io) => act(moving[side], io),
    ...(skip === undefined ? {} : { skip: (moving) => skip(moving[side]) }),
    ...(probe === undefined ? {} : { probe: (moving, io) => probe(moving[side], io) }),
    ...(verify === undefined ? {} : { verify: (moving, io) => verify(moving[side], io) }),
    ...(compensate === undefined ? {} : { compensate: (moving, io) => compensate(moving[side], io) }),
  };
};

/** Takes a step back only while the client has not moved: then it serves on the new server, and what failed later is mended there. */
export const untilMoved = (store: EventStore, step: StepWork<Moving>): StepWork<Moving> => {
  const { compensate } = step;
  if (compensate === undefined) return step;
  return {
    ...step,
    async compensate(moving, io) {
      if (!(await hasMoved(store, moving, io.operationId))) return compensate(moving, io);
      return `The client lives on server ${moving.to.server.name}: nothing is taken back`;
    },
  };
};

/** True once it is recorded that the operation has moved the client. */
export const hasMoved = async (
  store: EventStore,
  { from }: Moving,
  operationId: string,
): Promise<boolean> => {
  const { state } = await loadClient(store, from.client.id);
  return state.status === 'active' && state.held?.operationId === operationId;
};
