import {
  detailInWords,
  told,
  message,
  messageOf,
  type ClientView,
  countUsers,
  faultCatalogue,
  isRejection,
  reasonInWords,
  type Rejection,
  type ResourceOf,
  type usersCountResource,
  toOne,
} from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { Type } from 'typebox';
import type { Sent } from '../commands/send-command.ts';
import { metaOf } from '../http/document.ts';
import { positionHeader } from '../http/position.ts';
import { RequestRefused } from '../http/problems.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { finishedInTime, preferenceApplied } from '../operations/finish.ts';
import { type RouteServices, seeing } from '../services.ts';

/** How long GET waits for a count unless the sender says otherwise, in milliseconds. */
const countWaitMs = 5000;
/** How long the read models may take to show a count that has ended, in milliseconds. */
const settleMs = 2000;
const lookAgainMs = 50;

const { kind, command } = countUsers;

/**
 * Number of users in the client's system; POST on the same path only starts the counting.
 * A 200 always carries a number: counted just now, or, when the client can't be asked, the last one known with `meta.stale`.
 */
export const getUsersCount = (services: RouteServices): Route =>
  route({
    method: 'GET',
    path: '/clients/{id}/users_count',
    summary: "Number of users in the client's system, counted now; the last one known when it can't be asked",
    acts: true,
    answers: { 200: 'users-counts', 202: 'operations' },
    meta: { operationId: 'sometimes', reason: 'sometimes' },
    parameters: Type.Object({}, { additionalProperties: false }),
    async handle(request): Promise<Answer> {
      const begun = await beginCounting(services, request);
      if (isRejection(begun)) return answerRefused(services, request, begun);

      const waitMs = request.waitMs === 0 ? countWaitMs : request.waitMs;
      const finished = await finishedInTime(begun, { ...request, waitMs }, services);
      const headers = {
        ...(begun.position === null ? {} : { [positionHeader]: begun.position }),
        ...(finished === null || request.waitMs === 0 ? {} : preferenceApplied(request)),
      };
      const meta = { operationId: begun.operationId };
      if (finished?.status === 'ok') {
        const { counted, fresh } = await readCount(services, request, begun, finished.acceptedAt);
        if (counted !== null) return answerCount(counted, metaOf(!fresh, meta), headers);
      }
      const known = await lastKnown(services, request);
      const reason =
        finished?.error === undefined || finished.error === null
          ? {}
          : {
              reason: {
                code: finished.error.code,
                detail: reasonInWords(request.language, finished.error),
              },
            };
      if (known !== null) return answerCount(known, metaOf(true, { ...meta, ...reason }), headers);
      if (finished === null) {
        return answerWithOperation(services, { ...request, waitMs: 0 }, begun, {
          kind,
          target: { type: 'client', id: request.id },
        });
      }
      const detail =
        finished.error === null
          ? message`The counting ended with "${finished.status}"`
          : messageOf(finished.error);
      throw new RequestRefused([{ code: 'not_counted', ...told(detail), meta: { ...meta, ...reason } }]);
    },
  });

/** The counting: one's own, or the one that runs already. The rejection when there is none and can't be one now. */
const beginCounting = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
): Promise<Sent | Rejection> => {
  const { commands } = services;
  try {
    const target = { type: 'client', id: request.id } as const;
    const data = { clientId: request.id };
    return await commands.send(command, commands.idOf(request), data, request, { kind, target });
  } catch (error) {
    if (!isRejection(error) || !mayPass(error)) throw error;
    const running = error.faults.find(
      ({ code, meta }) => code === 'operation_in_progress' && meta?.['kind'] === kind,
    );
    const operationId = running?.meta?.['operationId'];
    return typeof operationId === 'string' ? { operationId, position: null } : error;
  }
};

const passingCodes: ReadonlySet<string> = new Set(
  Object.entries(faultCatalogue)
    .filter(([, { kind }]) => kind === 'conflict' || kind === 'unavailable')
    .map(([code]) => code),
);

/** True when the client is there and only can't be asked at the moment. */
const mayPass = (rejection: Rejection): boolean =>
  rejection.faults.every(({ code }) => passingCodes.has(code));

const answerRefused = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  rejection: Rejection,
): Promise<Answer> => {
  const known = await lastKnown(services, request);
  const [fault] = rejection.faults;
  if (known === null || fault === undefined) throw rejection;
  const reason = {
    code: fault.code,
    detail: detailInWords(request.language, fault),
    ...(fault.meta === undefined ? {} : { meta: fault.meta }),
  };
  return answerCount(known, metaOf(true, { reason }));
};

interface UsersCount {
  clientId: string;
  users: number;
  countedAt: string;
}

const countOf = ({ id, usersCount, usersCountedAt }: ClientView): UsersCount | null =>
  usersCount === null || usersCountedAt === null
    ? null
    : { clientId: id, users: usersCount, countedAt: usersCountedAt };

const lastKnown = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
): Promise<UsersCount | null> => {
  const { result } = await services.queries.ask('GetClient', { id: request.id }, seeing(request));
  return countOf(result);
};

/** The count of an operation that has ended. The replica that answers may be a little behind the one that showed its end. */
const readCount = async (
  services: RouteServices,
  request: ApiRequest<unknown>,
  sent: Sent,
  since: string,
): Promise<{ counted: UsersCount | null; fresh: boolean }> => {
  const { signal } = request;
  const deadline = performance.now() + settleMs;
  for (;;) {
    const position = sent.position ?? request.minPosition;
    const { result } = await services.queries.ask(
      'GetClient',
      { id: request.id },
      seeing({ minPosition: position }),
    );
    const counted = countOf(result);
    const fresh = counted !== null && Date.parse(counted.countedAt) >= Date.parse(since);
    if (fresh || performance.now() >= deadline || signal.aborted) return { counted, fresh };
    await sleep(lookAgainMs);
  }
};

const answerCount = (
  count: UsersCount,
  meta: ReturnType<typeof metaOf>,
  headers: Record<string, string> = {},
): Answer => ({ status: 200, document: { data: presentUsersCount(count), ...meta }, headers });

const presentUsersCount = ({
  clientId,
  users,
  countedAt,
}: UsersCount): ResourceOf<typeof usersCountResource> => ({
  type: 'users-counts',
  id: clientId,
  attributes: { users, countedAt },
  relationships: { client: toOne('clients', clientId) },
  links: { self: `/clients/${clientId}/users_count` },
});
