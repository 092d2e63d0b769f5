import { isRejection, reject, type Queries, type Rejection } from '@alfa-cloud/contracts';
import type { EventStoreConnection } from '@alfa-cloud/event-sourcing';
import type { QueryHandlers } from '@alfa-cloud/messaging';
import { clientAsOf, type ClientAsOfDeps } from '../clients/client-as-of.ts';
import type { Projection } from '../projection.ts';
import type { ProjectorMetrics } from '../projector-metrics.ts';
import { beforeAll } from '../read-models/positions.ts';
import type { Answers, ProjectorQuery } from './answers.ts';
import { behind, isMissing, isThereByNow, streamAskedFor } from './missing.ts';

/** Longest wait of a query for the position that it needs. */
export const positionWaitMs = 2000;

export interface QueryHandlerDeps extends ClientAsOfDeps {
  eventStore: Pick<EventStoreConnection, 'read' | 'newestPosition'>;
  projection: Pick<Projection, 'answers' | 'positions' | 'mendIfDamaged'>;
  metrics: Pick<ProjectorMetrics, 'queried'>;
}

const isNotFound = (error: Rejection): boolean => error.faults.every(({ code }) => code === 'not_found');

/** The answers behind the queries: wait for the position asked for, answer, measure. */
export const queryHandlers = (deps: QueryHandlerDeps): QueryHandlers => {
  const { projection, metrics } = deps;
  const { positions } = projection;

  /** What is missing is looked for in the event store before anybody is told that there is no such thing. */
  const answered = async (act: () => string | Promise<string>, stream: string | null): Promise<string> => {
    try {
      return await act();
    } catch (error) {
      if (stream === null || !isMissing(error)) throw error;
      if (!(await isThereByNow({ eventStore: deps.eventStore, positions }, stream, positionWaitMs)))
        throw error;
      return await act();
    }
  };

  const answerBy = async (
    name: ProjectorQuery,
    minPosition: bigint | null,
    act: () => string | Promise<string>,
    stream: string | null = null,
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
      const resultJson = await answered(act, stream);
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

  const answer = <Name extends ProjectorQuery>(
    name: Name,
    request: Parameters<Answers[Name]>[0],
    minPosition: bigint | null,
  ) =>
    answerBy(
      name,
      minPosition,
      () => (projection.answers()[name] as (request: unknown) => string)(request),
      streamAskedFor(name, request),
    );

  const getClient = async ({ id, asOf }: Queries['GetClient']['request']): Promise<string> => {
    if (asOf === undefined) return projection.answers().GetClient({ id });
    const client = await clientAsOf(deps, id, asOf);
    return projection.answers().clientAsItWas(client);
  };

  return {
    ListServers: (request, { minPosition }) => answer('ListServers', request, minPosition),
    GetServer: (request, { minPosition }) => answer('GetServer', request, minPosition),
    ListClients: (request, { minPosition }) => answer('ListClients', request, minPosition),
    GetClient: (request, { minPosition }) =>
      answerBy(
        'GetClient',
        minPosition,
        () => getClient(request),
        request.asOf === undefined ? streamAskedFor('GetClient', request) : null,
      ),
    GetCreateLog: (request, { minPosition }) => answer('GetCreateLog', request, minPosition),
    ListOperations: (request, { minPosition }) => answer('ListOperations', request, minPosition),
    GetOperation: (request, { minPosition }) => answer('GetOperation', request, minPosition),
    GetOperationLog: (request, { minPosition }) => answer('GetOperationLog', request, minPosition),
    ListHistory: (request, { minPosition }) => answer('ListHistory', request, minPosition),
    ListExpireDateChanges: (request, { minPosition }) =>
      answer('ListExpireDateChanges', request, minPosition),
    ListBackups: (request, { minPosition }) => answer('ListBackups', request, minPosition),
  };
};
