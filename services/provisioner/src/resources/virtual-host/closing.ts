import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { KeyedSemaphore } from '@alfa-cloud/service-kit';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

type Closable = Pick<ClientOnServer, 'cloud' | 'names'>;

/**
 * Puts the maintenance page before the client from the next request on. That needs no reload of the proxy, which would read the virtual hosts of
 * all clients.
 */
export const closeClient = (client: Closable, options: CallOptions): Promise<void> =>
  inTurn(client, options, () =>
    client.cloud.files.writeAtomic(client.names.closedFile, '', { ...options, mode: 0o644 }),
  );

/**
 * Takes the page away again. The client's virtual host may show a page of its own.
 * @param mayOpen asked again at the last moment: an operation may just have begun that closes the client
 */
export const openClient = async (
  client: Closable,
  mayOpen: () => Promise<boolean>,
  options: CallOptions,
): Promise<void> => {
  if (!(await isClosed(client, options))) return;
  await inTurn(client, options, async () => {
    if (await mayOpen()) await client.cloud.files.removeFile(client.names.closedFile, options);
  });
};

export const isClosed = async ({ cloud, names }: Closable, options: CallOptions): Promise<boolean> =>
  (await cloud.files.read(names.closedFile, options)) !== null;

/** By client: one of the two at a time in this process. */
const turns = new WeakMap<CloudServer, KeyedSemaphore>();

const inTurn = (
  { cloud, names }: Closable,
  { signal }: CallOptions,
  change: () => Promise<void>,
): Promise<void> => {
  const ofServer = turns.get(cloud) ?? new KeyedSemaphore(1);
  turns.set(cloud, ofServer);
  return ofServer.run(names.closedFile, change, signal);
};
