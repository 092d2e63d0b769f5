import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { natsServerName } from '@alfa-cloud/messaging';
import { errorCode } from '@alfa-cloud/service-kit';

/** Where the embedded NATS keeps its store. */
export const natsDirectory = (dataDirectory: string): string => join(dataDirectory, 'nats');

/** Configuration of the embedded NATS: its address and its name. */
export const natsConfigurationFile = (directory: string): string => join(directory, 'nats-server.conf');

/**
 * Address of the `nats-server` that runs on this directory; null when none does. Another process may have taken the port of one that has ended,
 * so only a server with the configured name counts.
 */
export const findRunningNats = async (directory: string): Promise<string | null> => {
  const configuration = await readFile(natsConfigurationFile(directory), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const address = /^listen: "([^"]+)"$/m.exec(configuration)?.[1];
  const name = /^server_name: "([^"]+)"$/m.exec(configuration)?.[1];
  if (address === undefined || name === undefined) return null;
  return (await natsServerName(address)) === name ? `nats://${address}` : null;
};
