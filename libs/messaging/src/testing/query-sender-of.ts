import { isRejection, reject, Rejection, type Queries, type QueryName } from '@alfa-cloud/contracts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import type { AnyQueryHandler } from '../queries/answer-query.ts';
import type { AskOptions, QueryHandlers, QuerySender } from '../queries/query-ports.ts';

/** A {@link QuerySender} over handlers in the same process. Requests and answers pass through JSON, as on the wire. */
export const querySenderOf = (handlers: QueryHandlers): QuerySender => {
  const answerOf = async (name: QueryName, request: unknown, options: AskOptions = {}) => {
    const handler = handlers[name] as AnyQueryHandler | undefined;
    if (handler === undefined) throw new MessagingUnavailable(`Nobody answers ${name}`);
    const minPosition = options.minPosition === undefined ? null : BigInt(options.minPosition);
    try {
      const outcome = await handler(JSON.parse(JSON.stringify(request)), {
        minPosition,
        positionWaitMs: options.positionWaitMs ?? null,
      });
      const resultJson = 'resultJson' in outcome ? outcome.resultJson : JSON.stringify(outcome.result);
      return { resultJson, stale: outcome.stale === true, text: outcome.text && Buffer.concat(outcome.text) };
    } catch (error) {
      if (isRejection(error)) throw new Rejection(error.faults);
      throw reject('internal', 'The query failed');
    }
  };
  return {
    async ask<Name extends QueryName>(name: Name, request: Queries[Name]['request'], options?: AskOptions) {
      const { resultJson, stale, text } = await answerOf(name, request, options);
      return { result: JSON.parse(resultJson) as Queries[Name]['result'], stale, ...(text && { text }) };
    },
  };
};
