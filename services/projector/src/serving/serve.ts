import { message, isRejection, reject, type Queries, type Rejection } from '@alfa-cloud/contracts';
import type { EventStoreConnection } from '@alfa-cloud/event-sourcing';
import type { QueryContext, QueryHandlers } from '@alfa-cloud/messaging';
import { clientAsOf, type ClientAsOfDeps } from '../clients/client-as-of.ts';
import type { WithText } from '../answering/json.ts';
import type { Projection } from '../projection/projection.ts';
import type { ProjectorMetrics } from '../projection/projector-metrics.ts';
import { beforeAll } from '../read-models/positions.ts';
import type { Answers, ProjectorQuery } from '../queries/answers.ts';
import { behind, isMissing, isThereByNow, streamAskedFor } from './missing.ts';

/** Longest wait of a query for the position that it needs; its asker may want a shorter one. */
export const positionWaitMaxMs = 2000;

export interface QueryHandlerDeps extends ClientAsOfDeps {
  eventStore: Pick<EventStoreConnection, 'read' | 'newestPosition'>;
  projection: Pick<Projection, 'answers' | 'positions' | 'mendIfDamaged'>;
  metrics: Pick<ProjectorMetrics, 'queried'>;
}

type Made = string | WithText<unknown>;

const isNotFound = (error: Rejection): boolean => error.faults.every(({ code }) => code === 'not_found');

/** Asks the event store for an id before the answer is `not_found`. */
const answered = async (
  { eventStore, projection: { positions } }: QueryHandlerDeps,
  act: () => Made | Promise<Made>,
  stream: string | null,
): Promise<Made> => {
  try {
    return await act();
  } catch (error) {
    if (stream === null || !isMissing(error)) throw error;
    if (!(await isThereByNow({ eventStore, positions }, stream, positionWaitMaxMs))) throw error;
    return await act();
  }
};

/** The answers behind the queries: wait for the position asked for, answer, measure. */
export const queryHandlers = (deps: QueryHandlerDeps): QueryHandlers => {
  const { projection, metrics } = deps;
  const { positions } = projection;

  const answerBy = async (
    name: ProjectorQuery,
    { minPosition, positionWaitMs }: QueryContext,
    act: () => Made | Promise<Made>,
    stream: string | null = null,
  ): Promise<{ resultJson: string; stale: boolean; text?: readonly Uint8Array[] }> => {
    const begun = performance.now();
    let arrived = false;
    let outcome: 'ok' | 'stale' | 'failed' = 'failed';
    try {
      arrived = await positions.waitFor(
        minPosition ?? beforeAll,
        Math.min(positionWaitMs ?? positionWaitMaxMs, positionWaitMaxMs),
      );
      if (positions.reached === null) {
        throw reject(
          'unavailable',
          message`The read models are being built from the events; try again a little later`,
        );
      }
      const made = await answered(deps, act, stream);
      outcome = arrived ? 'ok' : 'stale';
      if (typeof made === 'string') return { resultJson: made, stale: !arrived };
      return { resultJson: made.json, stale: !arrived, text: made.text };
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
    context: QueryContext,
  ) =>
    answerBy(
      name,
      context,
      () => (projection.answers()[name] as (request: unknown) => string)(request),
      streamAskedFor(name, request),
    );

  const getClient = async ({ id, asOf }: Queries['GetClient']['request']): Promise<string> => {
    if (asOf === undefined) return projection.answers().GetClient({ id });
    return projection.answers().clientAsItWas(await clientAsOf(deps, id, asOf));
  };

  return {
    ListServers: (request, context) => answer('ListServers', request, context),
    GetServer: (request, context) => answer('GetServer', request, context),
    ListClients: (request, context) => {
      const { textIn } = request;
      if (textIn === undefined) return answer('ListClients', request, context);
      return answerBy('ListClients', context, () => projection.answers().listClientTexts(request, textIn));
    },
    GetClient: (request, context) => {
      const stream = request.asOf === undefined ? streamAskedFor('GetClient', request) : null;
      return answerBy('GetClient', context, () => getClient(request), stream);
    },
    GetCreateLog: (request, context) => answer('GetCreateLog', request, context),
    ListOperations: (request, context) => answer('ListOperations', request, context),
    GetOperation: (request, context) => answer('GetOperation', request, context),
    GetOperationLog: (request, context) => answer('GetOperationLog', request, context),
    ListHistory: (request, context) => answer('ListHistory', request, context),
    ListExpireDateChanges: (request, context) => answer('ListExpireDateChanges', request, context),
    ListBackups: (request, context) => answer('ListBackups', request, context),
    ListAlerts: (request, context) => answer('ListAlerts', request, context),
    ListMails: (request, context) => answer('ListMails', request, context),
    GetMail: (request, context) => answer('GetMail', request, context),
    ListNotices: (request, context) => answer('ListNotices', request, context),
    GetNotice: (request, context) => answer('GetNotice', request, context),
    ListImages: (request, context) => answer('ListImages', request, context),
    ListBuilds: (request, context) => answer('ListBuilds', request, context),
    GetBuild: (request, context) => answer('GetBuild', request, context),
    ListChanges: (request, context) => answer('ListChanges', request, context),
  };
};
