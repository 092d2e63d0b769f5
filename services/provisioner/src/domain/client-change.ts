import { isDeepStrictEqual } from 'node:util';
import type { ClientEvent } from '@alfa-cloud/contracts';
import type { ChangeCommand } from './client-command.ts';
import type { ActiveClient } from './client-state.ts';
import { inProgress } from './operation-in-progress.ts';

/** A change of attributes. One that the server must take up has the client for itself until it has. */
export const change = (
  { operationId, personal, locale, limits, aliases, expiryWarnings }: ChangeCommand,
  state: ActiveClient,
): ClientEvent[] => {
  const { client, operation } = state;
  const onServer = {
    ...(locale === undefined || locale === client.locale ? {} : { locale }),
    ...(limits === undefined || isDeepStrictEqual(limits, client.limits) ? {} : { limits }),
    ...(aliases === undefined || isDeepStrictEqual(aliases, state.aliases) ? {} : { aliases }),
  };
  const isForServer = Object.keys(onServer).length > 0 || personal?.changed.includes('name') === true;
  const here = {
    ...(personal === undefined ? {} : { personal: personal.sealed }),
    ...(expiryWarnings === undefined || expiryWarnings === state.expiryWarnings ? {} : { expiryWarnings }),
  };
  if (!isForServer && Object.keys(here).length === 0) return [];
  if (isForServer && operation !== null && operation.operationId !== operationId) {
    throw inProgress(operation.operationId, operation.kind);
  }
  const changed: ClientEvent = {
    type: 'ClientChanged',
    data: {
      clientId: client.id,
      operationId: isForServer ? operationId : null,
      personalChanged: personal?.changed ?? [],
      ...here,
      ...onServer,
    },
  };
  if (!isForServer) return [changed];
  const kind = 'client.apply_changes';
  return [{ type: 'ClientOperationBegun', data: { clientId: client.id, operationId, kind } }, changed];
};
