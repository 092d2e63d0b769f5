import type { RegisterServer, ServerEvent, ServerFacts } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import type { Static } from 'typebox';

type Facts = Static<typeof ServerFacts>;

/** What was said at the registration. */
export type RegisteredServer = Omit<RegisterServer, 'serverId'> & {
  id: string;
  operationId: string;
  /** JSON {@link ServerSecrets} sealed with the server's key. */
  secrets: string;
};

export interface ServerSecrets {
  databaseRootPassword: string;
}

/** A cloud server in the eyes of the provisioner. Only a ready one takes clients. */
export type ServerState =
  | { status: 'absent' }
  | { status: 'preparing'; server: RegisteredServer }
  | { status: 'ready'; server: RegisteredServer; facts: Facts }
  | { status: 'failed'; server: RegisteredServer };

export type ServerCommand =
  | { type: 'register'; server: RegisteredServer }
  | { type: 'become_ready'; facts: Facts }
  | { type: 'fail_preparation'; code: string; reason: string };

/** Every decision is taken once: a command that comes again, after a crash, has no effect. */
export const serverDecider: Decider<ServerState, ServerCommand, ServerEvent> = {
  initialState: () => ({ status: 'absent' }),
  decide: (command, state) => {
    switch (command.type) {
      case 'register': {
        if (state.status !== 'absent') return [];
        const { id, ...server } = command.server;
        return [{ type: 'ServerRegistered', data: { serverId: id, ...server } }];
      }
      case 'become_ready':
        return state.status === 'preparing'
          ? [{ type: 'ServerBecameReady', data: { ...ids(state.server), facts: command.facts } }]
          : [];
      case 'fail_preparation': {
        const { code, reason } = command;
        return state.status === 'preparing'
          ? [{ type: 'ServerPreparationFailed', data: { ...ids(state.server), code, reason } }]
          : [];
      }
      default:
        return command satisfies never;
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ServerRegistered': {
        const { serverId, ...server } = event.data;
        return { status: 'preparing', server: { id: serverId, ...server } };
      }
      case 'ServerBecameReady':
        return state.status === 'absent'
          ? state
          : { status: 'ready', server: state.server, facts: event.data.facts };
      case 'ServerPreparationFailed':
        return state.status === 'absent' ? state : { status: 'failed', server: state.server };
      default:
        return event satisfies never;
    }
  },
};

const ids = (server: RegisteredServer) => ({ serverId: server.id, operationId: server.operationId });
