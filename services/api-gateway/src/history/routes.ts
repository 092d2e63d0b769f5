import {
  eventCatalogue,
  type HistoryEntry,
  historySummary,
  Id,
  operations,
  type Language,
  type ListHistory,
  reasonInWords,
  searchText,
  type ResourceOf,
  type historyEntryResource,
  type ResourceAttributes,
  toOne,
} from '@alfa-cloud/contracts';
import { Type, type Static } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { Moment, readMoment } from '../http/read-moment.ts';
import { type ApiRequest, type Route, route } from '../http/route.ts';
import { targetOf } from '../operations/present-operation.ts';
import { type RouteServices, seeing } from '../services.ts';

/** Of an entry that tells of one event, and of one that tells of a whole operation. */
const kinds = [...Object.keys(eventCatalogue), ...operations.map(({ kind }) => kind)];

const HistoryParameters = Type.Object(
  {
    ...pageParameters,
    'filter[actor]': Type.Optional(searchText(200)),
    'filter[kind]': Type.Optional(Type.Enum(kinds)),
    'filter[operation]': Type.Optional(Id),
    'filter[events]': Type.Optional(Type.Enum(['operations', 'all'])),
    'filter[from]': Moment,
    'filter[to]': Moment,
  },
  { additionalProperties: false },
);
type HistoryParameters = Static<typeof HistoryParameters>;

/** Whose history a path shows; all of it without. */
type Target = 'client' | 'server' | undefined;

/** The audit trail: who did what, when, why. */
export const historyRoutes = (services: RouteServices): Route[] => [
  listHistory(services, '/clients/{id}/history', 'What was done with a client, newest first', 'client'),
  listHistory(services, '/servers/{id}/history', 'What was done with a server, newest first', 'server'),
  listHistory(services, '/history', 'What was done with every client and server, newest first', undefined),
];

const listHistory = (services: RouteServices, path: string, summary: string, target: Target): Route =>
  route({
    method: 'GET',
    path,
    summary,
    answers: { 200: 'history-entries[]' },
    parameters: HistoryParameters,
    async handle(request) {
      const query = toListHistory(request, target);
      const { result, stale } = await services.queries.ask('ListHistory', query, seeing(request));
      return {
        status: 200,
        document: {
          data: result.items.map((entry) => presentHistoryEntry(entry, request.language)),
          links: pageLinks(request.path, request.search, { ...query.page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  });

const toListHistory = ({ id, parameters }: ApiRequest<HistoryParameters>, target: Target): ListHistory => {
  const events = parameters['filter[events]'];
  const actor = parameters['filter[actor]'];
  const kind = parameters['filter[kind]'];
  const operationId = parameters['filter[operation]'];
  const from = readMoment('filter[from]', parameters['filter[from]']);
  const to = readMoment('filter[to]', parameters['filter[to]']);
  return {
    page: pageOf(parameters),
    ...(events === undefined ? {} : { events }),
    filter: {
      ...(target === undefined ? {} : { targetType: target, targetId: id }),
      ...(actor === undefined ? {} : { actor }),
      ...(kind === undefined ? {} : { kind }),
      ...(operationId === undefined ? {} : { operationId }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
  };
};

/** What came of the operation that an entry tells as a whole. */
const outcomeOf = ({ operation }: HistoryEntry): Partial<ResourceAttributes<'history-entries'>> => {
  if (operation === undefined) return {};
  const { status, finishedAt, durationMs, result } = operation;
  return { status, finishedAt, durationMs, result };
};

/** What somebody wrote stays as it is: it is no sentence of any catalogue. */
const reasonOf = ({ reason, reasonMessage }: HistoryEntry, language: Language): string | null =>
  reason === null
    ? null
    : reasonInWords(language, { reason, ...(reasonMessage && { message: reasonMessage }) });

const presentHistoryEntry = (
  entry: HistoryEntry,
  language: Language,
): ResourceOf<typeof historyEntryResource> => ({
  type: 'history-entries',
  id: entry.id,
  attributes: {
    at: entry.at,
    actor: entry.actor,
    kind: entry.kind,
    summary: historySummary(language, entry),
    reason: reasonOf(entry, language),
    ...outcomeOf(entry),
    correlationId: entry.correlationId,
    commandId: entry.commandId,
  },
  relationships: {
    target: targetOf(entry.target),
    operation: toOne('operations', entry.operationId),
  },
});
