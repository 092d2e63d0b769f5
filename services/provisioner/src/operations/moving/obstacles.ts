import {
  message,
  told,
  unicodeDomain,
  wordsOf,
  type Fault,
  type FaultCode,
  type Message,
} from '@alfa-cloud/contracts';
import { isCloudServerError, type CallOptions } from '@alfa-cloud/cloud-server';
import {
  freeOnDockerDisk,
  loadServer,
  objectionsToClients,
  type RegisteredServer,
} from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import type { ActiveClient } from '../../domain/client.ts';
import { holderOf } from '../../domain/reservations.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runSql } from '../../on-server/database.ts';
import { isAtLeast } from '../../on-server/fitness.ts';
import { clientNames } from '../../on-server/names.ts';
import type { OperationsDeps } from '../common/module.ts';
import { faultsOfCapacity } from '../create/admission.ts';
import type { Measured } from '../../resources/transfer/client-transfer.ts';

const askMs = 10_000;
/** A database takes more room while it is loaded than where it comes from. */
const databaseFactor = 1.5;

const fault = (code: FaultCode, words: Message, meta?: Fault['meta']): Fault => ({
  code,
  ...told(words),
  parameter: 'targetServer',
  ...(meta === undefined ? {} : { meta }),
});

/** A client's place on a server, be it one that is not made yet. */
export type Site = Pick<ClientOnServer, 'cloud' | 'server' | 'redact'>;

type RecordDeps = Pick<OperationsDeps, 'store' | 'places'>;

/** What speaks by the record against moving the client there now; empty when nothing does. */
export const recordedObstacles = async (
  deps: RecordDeps,
  { client, held }: ActiveClient,
  targetServer: string,
): Promise<Fault[]> => {
  if (held !== null) return [stillHeld(held)];
  if (client.serverId === targetServer) {
    return [fault('already_there', message`The client lives on this server already`)];
  }
  const { state } = await loadServer(deps.store, targetServer);
  const objections = objectionsToClients(targetServer, state);
  const faults =
    objections.length > 0 || state.status === 'absent'
      ? objections
      : [
          ...(await faultsOfCapacity(deps, state.server, client.id)),
          ...(await addressTaken(deps, client, state.server)),
        ];
  return faults.map((each) => ({ ...each, parameter: 'targetServer' }));
};

const stillHeld = ({ operationId, until }: NonNullable<ActiveClient['held']>): Fault => ({
  code: 'move_held',
  ...told(
    message`The server that the client has left keeps it until ${until}: end that first (POST /operations/${operationId}/release)`,
  ),
  meta: { operationId, until },
});

/** Another client may have the address as an alias; the proxy would show that one. */
const addressTaken = async (
  { store }: RecordDeps,
  { id, slug }: ActiveClient['client'],
  { domain }: RegisteredServer,
): Promise<Fault[]> => {
  const { host } = clientNames(slug, domain);
  const holder = await holderOf(store, { scope: 'host', name: host });
  if (holder === null || holder === id) return [];
  return [fault('alias_taken', message`"${unicodeDomain(host)}" is an alias of another client`)];
};

/** What speaks against it on the two servers themselves; `server_unreachable` when one of them can't be asked. */
export const obstaclesOnServers = async (
  { from, to }: { from: Site; to: Site },
  signal?: AbortSignal,
): Promise<Fault[]> => {
  const options = { deadlineMs: askMs, ...(signal === undefined ? {} : { signal }) };
  const [here, there] = await Promise.all([askedOf(from, options), askedOf(to, options)]);
  if ('fault' in here) return [here.fault];
  if ('fault' in there) return [there.fault];
  return [
    ...(here.architecture === there.architecture
      ? []
      : [
          fault(
            'architecture_differs',
            message`Server ${from.server.name} is ${here.architecture}, server ${to.server.name} is ${there.architecture}`,
          ),
        ]),
    ...(isAtLeast(there.database, series(here.database))
      ? []
      : [
          fault(
            'database_older',
            message`The database of server ${to.server.name} is ${there.database}, that of server ${from.server.name} ${here.database}`,
          ),
        ]),
  ];
};

/** `10.11.6-MariaDB` → `10.11`: a database of the same series takes the data. */
const series = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version;

const askedOf = async (
  { cloud, server, redact }: Site,
  options: CallOptions,
): Promise<{ architecture: string; database: string } | { fault: Fault }> => {
  try {
    const { architecture } = await cloud.docker.info(options);
    const database = (await runSql(cloud, 'SELECT VERSION();\n', redact, options)).trim();
    return { architecture, database };
  } catch (error) {
    if (!isCloudServerError(error) && errorName(error) !== 'StepFailure') throw error;
    const words = message`Server ${server.name} could not be asked: ${wordsOf(error)}`;
    return { fault: fault('server_unreachable', words) };
  }
};

/** Left free beside the files that were counted: their directories, and what the target writes meanwhile. */
const freeInodesMin = 1000;

/**
 * Whether the target's disk of volumes takes what was measured, with `freeBytesMin` left, and as many files. A disk that can't be measured is no
 * obstacle.
 */
export const obstaclesOfSize = async (
  { to }: { to: Site },
  { databaseBytes, storageBytes, files, obstacles }: Measured,
  freeBytesMin: number,
  signal?: AbortSignal,
): Promise<Fault[]> => {
  const free = await freeOnDockerDisk(to.cloud, signal === undefined ? {} : { signal });
  const bytes = Math.ceil(storageBytes + databaseFactor * databaseBytes) + freeBytesMin;
  const inodes = files + freeInodesMin;
  const tooFew: Message[] = [];
  if (free !== null && free.bytes < bytes) {
    tooFew.push(
      message`${mebibytes(bytes)} are needed on server ${to.server.name}, ${mebibytes(free.bytes)} are free`,
    );
  }
  if (free !== null && free.inodes !== null && free.inodes < inodes) {
    tooFew.push(message`${inodes} inodes are needed on server ${to.server.name}, ${free.inodes} are free`);
  }
  return [
    ...tooFew.map((words) => fault('disk_too_small', words)),
    ...obstacles.map((words) => fault('transfer_impossible', words)),
  ];
};

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
