import type { Step } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientDirectory } from '../../resources/directory/client-directory.ts';
import { resourceStep } from './resource-step.ts';

/** The client's directory on the server. */
export const configStep: Step<ClientOnServer> = resourceStep({ name: 'config', resource: clientDirectory });
