import type { Step } from '@alfa-cloud/event-sourcing';
import { environmentText } from '../../on-server/client-environment.ts';
import { final, serverStep } from '../../on-server/failures.ts';
import { isForClient, isMadeBy } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import {
  containerOf,
  originOf,
  standsAsWanted,
  type Replacement,
  type ReplaceSettings,
} from './replacement.ts';

/** There is no way back, so an engine that is away is waited for: attempts of half an hour. */
const forwardAttempts = 60;

/** Stops and removes the container that nobody is led to any more. From here on the operation only goes forward. */
export const retireStep = (replacement: Replacement, settings: ReplaceSettings): Step<ClientOnServer> =>
  serverStep({
    name: 'retire',
    deadlineMs: 120_000,
    attempts: forwardAttempts,
    pointOfNoReturn: true,
    async act(client, { signal }) {
      const { cloud, names } = client;
      const next = await containerOf(client, replacement, settings, signal);
      if (next === null) return standsAsWanted(client);
      if (next.name === names.container) return `Container ${names.container} is the new one already`;
      const found = await cloud.docker.container(next.name, { signal });
      if (found === null || !isMadeBy(originOf(client, replacement), found.labels)) {
        throw final('container_gone', `Container ${next.name} was removed by somebody`);
      }
      await cloud.docker.stopContainer(names.container, { signal });
      await cloud.docker.removeContainer(names.container, { signal });
      return `The former container ${names.container} is removed`;
    },
    // An engine that stops it and then refuses to remove it has left visitors a way back.
    async compensate({ cloud, names, client }, { signal }) {
      const found = await cloud.docker.container(names.container, { signal });
      if (found === null || !isForClient(client.id, found.labels)) return 'The former container is gone';
      await cloud.docker.startContainer(names.container, { signal });
      return `Container ${names.container} runs`;
    },
  });

/** The new container gets the name of the one in service, and its variables the file. The proxy knows it by its alias, so visitors notice nothing. */
export const renameStep = (replacement: Replacement, settings: ReplaceSettings): Step<ClientOnServer> =>
  serverStep({
    name: 'rename',
    deadlineMs: 120_000,
    attempts: forwardAttempts,
    async act(client, { signal }) {
      const { cloud, names, environment } = client;
      const next = await containerOf(client, replacement, settings, signal);
      if (next === null) return standsAsWanted(client);
      if (next.name !== names.container) {
        await cloud.docker.renameContainer(next.name, names.container, { signal });
      }
      const text = environmentText(environment);
      await cloud.files.writeAtomic(names.environmentFile, text, { signal, mode: 0o600 });
      await cloud.files.removeFile(names.nextEnvironmentFile, { signal });
      return `Container ${names.container} is the new one`;
    },
  });
