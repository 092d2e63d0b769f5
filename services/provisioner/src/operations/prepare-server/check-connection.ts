import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { Connection } from '@alfa-cloud/contracts';
import { type CheckedServer, openCredentials } from '@alfa-cloud/servers';
import type { OperationsDeps } from '../common/module.ts';
import { serverPaths } from '../../on-server/names.ts';
import { rootOwnershipText } from '../../on-server/owned-directory.ts';
import { checkServer } from './check-server.ts';

type CheckingDeps = Pick<OperationsDeps, 'vault' | 'tryConnection' | 'preparation' | 'clock'>;

/**
 * Checks a connection over ssh before it is recorded, whoever has sealed its credentials; null for one that needs no check, as it is this
 * machine's own.
 * @throws Rejection
 */
export const checkConnection = async (
  deps: CheckingDeps,
  connection: Connection,
  signal: AbortSignal,
): Promise<CheckedServer | null> =>
  connection.kind === 'local' ? null : over(deps, connection, (cloud) => checkServer(deps, cloud, signal));

/** The same of a connection to a server that is registered: also whether the root directory there is its own. */
export const checkChangedConnection = (
  deps: CheckingDeps,
  { serverId, connection }: { serverId: string; connection: Connection },
  signal: AbortSignal,
): Promise<CheckedServer & { isSameRoot: boolean }> =>
  over(deps, connection, async (cloud) => {
    const checked = await checkServer(deps, cloud, signal);
    const owner = await cloud.files.read(serverPaths.owner, { signal });
    return { ...checked, isSameRoot: owner === rootOwnershipText(serverId) };
  });

const over = async <T>(
  { vault, tryConnection }: CheckingDeps,
  connection: Connection,
  act: (cloud: CloudServer) => Promise<T>,
): Promise<T> => {
  const cloud = tryConnection(connection, (sealed) => openCredentials(vault, sealed));
  try {
    return await act(cloud);
  } finally {
    await cloud.close();
  }
};
