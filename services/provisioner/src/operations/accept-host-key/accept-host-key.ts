import { deriveId, message, reject, streams, acceptHostKey as operation } from '@alfa-cloud/contracts';
import { isCloudServerError, type HostKey } from '@alfa-cloud/cloud-server';
import { handleCommand } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import { loadServer } from '../../domain/load.ts';
import { serverDecider } from '../../domain/server.ts';
import type { RegisteredServer } from '../../domain/server-state.ts';
import { openCredentials } from '../../on-server/ssh-credentials.ts';
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
    const shown = await showHostKey(deps, state.server, signal);
    if (shown.fingerprint !== fingerprint) {
      const words = message`The server shows the host key ${shown.fingerprint} now, not this one`;
      throw reject('host_key_differs', words, { pointer: '/data/attributes/fingerprint' });
    }
    const { position } = await handleCommand(deps.store, {
      stream: streams.server(serverId),
      decider: serverDecider,
      command: { type: 'accept_host_key', hostKey: shown.text, fingerprint },
      cause: causeOf(command),
      eventIds: (index) => deriveId(command.id, 'accept', index),
    });
    await accepted({ serverId }, position);
  },
});

const showHostKey = async (
  { vault, tryConnection }: OperationsDeps,
  { connection }: RegisteredServer,
  signal: AbortSignal,
): Promise<HostKey> => {
  if (connection.kind === 'local') {
    throw reject(
      'no_host_key',
      message`The server is the machine of Alfa Cloud itself: it shows no host key`,
    );
  }
  const cloud = tryConnection(connection, await openCredentials(vault, connection.credentials));
  try {
    if (cloud.access.kind === 'local') throw new Error('A connection over ssh is a local one');
    return await cloud.access.showHostKey({ signal });
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    throw reject('server_unreachable', message`The server does not show its host key: ${error.words}`);
  } finally {
    await cloud.close();
  }
};
