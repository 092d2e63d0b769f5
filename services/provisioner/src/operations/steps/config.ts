import type { Step } from '@alfa-cloud/operations';
import { environmentText } from '../../on-server/client-environment.ts';
import { serverStep } from '../../on-server/failures.ts';
import { ensureOwnedDirectory, removeOwnedDirectory } from '../../resources/directory/owned-directory.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** The client's directory on the server, with its variables in a file that only root can read. */
export const configStep: Step<ClientOnServer> = serverStep({
  name: 'config',
  deadlineMs: 120_000,
  async act({ cloud, names, directory, environment }, { signal }) {
    await ensureOwnedDirectory(cloud, directory, { signal });
    await cloud.files.writeAtomic(names.environmentFile, environmentText(environment), {
      signal,
      mode: 0o600,
    });
    return `Directory ${names.directory} written`;
  },
  compensate: ({ cloud, directory }, { signal }) => removeOwnedDirectory(cloud, directory, { signal }),
});
