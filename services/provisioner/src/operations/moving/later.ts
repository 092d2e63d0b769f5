import type { StepWork } from '@alfa-cloud/operations';
import type { ClientConfig } from '../../on-server/client-config.ts';
import { isTransient } from '@alfa-cloud/servers';
import type { Moving } from './moving.ts';

/**
 * A step on the server that the client was to come to, which is taken back while the client is closed where it lives. A server that does not answer is not
 * waited for then: the step that began there takes away all of it at last, when the client serves again.
 */
export const laterWhereAway = (
  { awayMs }: Pick<ClientConfig, 'awayMs'>,
  step: StepWork<Moving>,
): StepWork<Moving> => {
  const { compensate } = step;
  if (compensate === undefined) return step;
  return {
    ...step,
    async compensate(moving, io) {
      const over = AbortSignal.timeout(awayMs);
      try {
        return await compensate(moving, { ...io, signal: AbortSignal.any([io.signal, over]) });
      } catch (error) {
        io.signal.throwIfAborted();
        if (!over.aborted && !isTransient(error)) throw error;
        return `Server ${moving.to.server.name} does not answer: this is taken back at last`;
      }
    },
  };
};
