import { connectLocalServer, type CloudServer } from '@alfa-cloud/cloud-server';
import type { Connection } from '@alfa-cloud/contracts';
import type { Static } from 'typebox';

/** Connections to servers, one for each server in this process. */
export interface CloudServers {
  /** Connects at the first call, so a server that is away is no failure here. Throws for a kind of connection that is not supported. */
  of(server: { id: string; connection: Static<typeof Connection> }): CloudServer;
  close(): Promise<void>;
}

/** Connections of this process. `local` is the engine behind the socket of the configuration. */
export const createCloudServers = (options: {
  socketPath: string;
  root: string;
  /** Where ports published by the local engine can be reached. */
  address: string;
}): CloudServers => {
  const connected = new Map<string, CloudServer>();
  return {
    of({ id, connection }) {
      if (connection.kind !== 'local') {
        throw new Error(`Server ${id}: connections of kind ${connection.kind} are not supported`);
      }
      const known = connected.get(id) ?? connectLocalServer(options);
      connected.set(id, known);
      return known;
    },
    async close() {
      await Promise.all([...connected.values()].map((server) => server.close()));
      connected.clear();
    },
  };
};
