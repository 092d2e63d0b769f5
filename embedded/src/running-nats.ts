import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@alfa-cloud/service-kit';
import { connect } from 'nats';

const lookMs = 2000;

/** Where a NATS of our own keeps its store. */
export const natsDirectory = (dataDirectory: string): string => join(dataDirectory, 'nats');

/** File that tells a NATS of our own where to listen and what it is called. */
export const natsConfigurationFile = (directory: string): string => join(directory, 'nats-server.conf');

/**
 * Address of the `nats-server` that runs on this directory; null when none does. The port of one that has ended may be somebody else's
 * now, so only a server that bears the name of this directory's counts.
 */
export const findRunningNats = async (directory: string): Promise<string | null> => {
  const configuration = await readFile(natsConfigurationFile(directory), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const address = /^listen: "([^"]+)"$/m.exec(configuration)?.[1];
  const name = /^server_name: "([^"]+)"$/m.exec(configuration)?.[1];
  if (address === undefined || name === undefined) return null;
  try {
    const connection = await connect({ servers: address, timeout: lookMs, reconnect: false });
    const found = connection.info?.server_name;
    await connection.close();
    return found === name ? `nats://${address}` : null;
  } catch {
    return null;
  }
};
