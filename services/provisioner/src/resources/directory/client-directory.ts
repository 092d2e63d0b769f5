import { environmentText } from '../../on-server/client-environment.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Resource } from '../resource.ts';
import { ownedDirectory } from './owned-directory.ts';

/** The client's directory on the server, with the variables of its container in a file that only root can read. */
export const clientDirectory = (client: ClientOnServer): Resource<boolean> => {
  const { cloud, names } = client;
  const directory = ownedDirectory(cloud, client.directory);
  return {
    ...directory,
    async ensure(options) {
      const text = environmentText(client.environment);
      await directory.ensure(options);
      await cloud.files.writeAtomic(names.environmentFile, text, { ...options, mode: 0o600 });
      return `Directory ${names.directory} written`;
    },
  };
};
