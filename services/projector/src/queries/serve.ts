import { isRejection, reject, type Rejection } from '@alfa-cloud/contracts';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import type { Projection } from '../projection.ts';
import type { ProjectorMetrics } from '../projector-metrics.ts';
import { beforeAll } from '../read-models/positions.ts';
import type { Answers, ProjectorQuery } from './answers.ts';

/** Longest wait of a query for the position that it needs. */
export const positionWaitMs = 2000;

const behind = 'The read models have not come as far as the question needs; try again a little later';

const isNotFound = (error: Rejection): boolean => error.faults.every(({ code }) => code === 'not_found');

/** The answers behind the queries: wait for the position asked for, answer, measure. */
export const queryHandlers = (
  projection: Pick<Projection, 'answers' | 'positions' | 'mendIfDamaged'>,
  metrics: Pick<ProjectorMetrics, 'queried'>,
): QueryHandlers => {
  const { positions } = projection;

  const answer = async <Name extends ProjectorQuery>(
    name: Name,
    request: Parameters<Answers[Name]>[0],
    minPosition: bigint | null,
  ): Promise<{ resultJson: string; stale: boolean }> => {
    const begun = performance.now();
    let arrived = false;
    let outcome: 'ok' | 'stale' | 'failed' = 'failed';
    try {
      arrived = await positions.waitFor(minPosition ?? beforeAll, positionWaitMs);
      if (positions.reached === null) {
        throw reject(
          'unavailable',
          'The read models are being built from the events; try again a little later',
        );
      }
      const resultJson = (projection.answers()[name] as (request: unknown) => string)(request);
      outcome = arrived ? 'ok' : 'stale';
      return { resultJson, stale: !arrived };
    } catch (error) {
      if (isRejection(error)) {
        // What is not there yet may well be there soon: "not found" would be untrue.
        if (!arrived && isNotFound(error)) throw reject('unavailable', behind);
        outcome = 'ok';
      }
      projection.mendIfDamaged(error);
      throw error;
    } finally {
      metrics.queried(name, (performance.now() - begun) / 1000, outcome);
    }
  };

  return {
    ListServers: (request, { minPosition }) => answer('ListServers', request, minPosition),
    GetServer: (request, { minPosition }) => answer('GetServer', request, minPosition),
    ListClients: (request, { minPosition }) => answer('ListClients', request, minPosition),
    GetClient: (request, { minPosition }) => answer('GetClient', request, minPosition),
    GetCreateLog: (request, { minPosition }) => answer('GetCreateLog', request, minPosition),
    ListOperations: (request, { minPosition }) => answer('ListOperations', request, minPosition),
    GetOperation: (request, { minPosition }) => answer('GetOperation', request, minPosition),
    GetOperationLog: (request, { minPosition }) => answer('GetOperationLog', request, minPosition),
    ListHistory: (request, { minPosition }) => answer('ListHistory', request, minPosition),
    ListExpireDateChanges: (request, { minPosition }) =>
      answer('ListExpireDateChanges', request, minPosition),
  };
};
