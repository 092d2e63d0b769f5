import type { StepWork } from '@alfa-cloud/operations';
import type { Execution } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import type { ClientFact } from '../../domain/client.ts';
import { containerGone } from '../../on-server/container-gone.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { Moving } from './moving.ts';

const hourMs = 3_600_000;

/** Records that the client lives on the other server. From here on the operation only goes forward. */
export const repointStep = (
  deps: Pick<OperationsDeps, 'store'>,
  { operationId, cause }: Pick<Execution<unknown>, 'operationId' | 'cause'>,
  factOf: (moving: Moving, imageId: string) => ClientFact,
): StepWork<Moving> =>
  serverStep({
    deadlineMs: 60_000,
    pointOfNoReturn: true,
    async act(moving, { signal }) {
      const { to } = moving;
      const found = await to.cloud.docker.container(to.names.container, { signal });
      if (found === null) throw containerGone(to);
      const fact = factOf(moving, found.imageId);
      const command = { type: 'record_fact', operationId, fact } as const;
      const clientId = to.client.id;
      const decision = { clientId, operationId, key: 'moved', cause, command };
      await decideOnClient(deps.store, decision);
      return `The client lives on server ${to.server.name}`;
    },
  });

/** What a fact about a move tells of the two servers. */
export const between = (
  { from, to }: Moving,
  now: Date,
  holdHours: number,
): { from: string; fromName: string; to: string; toName: string; holdUntil: string } => ({
  from: from.server.id,
  fromName: from.server.name,
  to: to.server.id,
  toName: to.server.name,
  holdUntil: new Date(now.getTime() + holdHours * hourMs).toISOString(),
});
