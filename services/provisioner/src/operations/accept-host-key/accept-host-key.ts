import {
  deriveId,
  message,
  reject,
  streams,
  acceptHostKey as operation,
  type HostKeyOwner,
} from '@alfa-cloud/contracts';
import { isCloudServerError, type HostKey } from '@alfa-cloud/cloud-server';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import { loadServer, openCredentials, type RegisteredServer, serverDecider } from '@alfa-cloud/servers';
import type { OperationModule, OperationsDeps } from '../common/module.ts';

/** Trusts another host key of a server. */
export const acceptHostKey: OperationModule<typeof operation> = {
  operation,
  handlers: (deps) => ({ AcceptHostKey: acceptHostKeyHandler(deps) }),
};

/**
 * The server is asked anew, before anything is sent to it: a fingerprint that somebody has read a while ago may be that of another machine by now.
 */
const acceptHostKeyHandler = (deps: OperationsDeps): CommandHandler<'AcceptHostKey'> => ({
  async handle({ command, signal, accepted }) {
    const { serverId, fingerprint } = command.data;
    const { state } = await loadServer(deps.store, serverId);
    if (state.status === 'absent') throw reject('not_found', message`There is no server with this id`);
    if (state.status === 'removed') throw reject('gone', message`Server ${state.server.name} was removed`);
    const { of, text } = await findHostKey(deps, state.server, fingerprint, signal);
    const { position } = await handleCommand(deps.store, {
      stream: streams.server(serverId),
      decider: serverDecider,
      command: { type: 'accept_host_key', hostKey: text, fingerprint, of },
      cause: causeOf(command),
      eventIds: (index) => deriveId(command.id, 'accept', index),
    });
    await accepted({ serverId }, position);
  },
});

/** Who shows this host key now: the jump host, which is asked first, or the server. */
const findHostKey = async (
  { vault, tryConnection }: OperationsDeps,
  { connection }: RegisteredServer,
  fingerprint: string,
  signal: AbortSignal,
): Promise<HostKey & { of: HostKeyOwner }> => {
  if (connection.kind === 'local') {
    throw reject(
      'no_host_key',
      message`The server is the machine of Alfa Cloud itself: it shows no host key`,
    );
  }
  const cloud = tryConnection(connection, (sealed) => openCredentials(vault, sealed));
  try {
    if (cloud.access.kind === 'local') throw new Error('A connection over ssh is a local one');
    const ofJump = await cloud.access.jump?.showHostKey({ signal });
    if (ofJump?.fingerprint === fingerprint) return { ...ofJump, of: 'jump' };
    const shown = await cloud.access.showHostKey({ signal });
    if (shown.fingerprint === fingerprint) return { ...shown, of: 'server' };
    const words =
      ofJump === undefined
        ? message`The server shows the host key ${shown.fingerprint} now, not this one`
        : message`The server shows the host key ${shown.fingerprint} now, its jump host ${ofJump.fingerprint}, neither this one`;
    throw reject('host_key_differs', words, { pointer: '/data/attributes/fingerprint' });
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    throw reject('server_unreachable', message`The server does not show its host key: ${error.words}`);
  } finally {
    await cloud.close();
  }
};
