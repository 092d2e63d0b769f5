import { setOwnerPassword as operation } from '@alfa-cloud/contracts';
import type { ClientSecrets } from '../../domain/client.ts';
import { clientOperation } from '../common/client-operation.ts';
import { ownerStep } from '../steps/commands.ts';

/** The new password stands sealed in the event that begins the operation, where any worker finds it, and becomes the client's at the end. */
export const setOwnerPassword = clientOperation(operation, ({ vault, config }) => ({
  secretOf: ({ password }) => password,
  steps: () => ({ owner: ownerStep(config, ({ operationSecret }) => operationSecret) }),
  async outcome({ client, secrets, operationSecret }) {
    // Recorded already, before a crash: with the end of the operation its secret has become one of the client's.
    if (operationSecret === null) return { fact: null };
    const changed: ClientSecrets = { ...secrets, ownerPassword: operationSecret };
    const sealed = await vault.seal(`client.${client.id}`, JSON.stringify(changed));
    return { fact: { type: 'ClientOwnerPasswordChanged', data: { secrets: sealed } } };
  },
}));
