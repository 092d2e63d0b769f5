import { BranchRole, buildStatuses, Id } from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';
import { presentBuild, presentBuildChanges } from './present-build.ts';

/** git looks through the files of two commits. */
const changesMs = 30_000;

/** Builds of images, and what became of each. */
export const buildRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: '/builds',
    summary: 'Builds of images, newest first: commit, image, and what became of it on each server',
    answers: { 200: 'builds[]' },
    parameters: Type.Object(
      {
        ...pageParameters,
        'filter[role]': Type.Optional(BranchRole),
        'filter[status]': Type.Optional(Type.Enum([...buildStatuses])),
        'filter[commit]': Type.Optional(Type.String({ maxLength: 64 })),
      },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters, language } = request;
      const page = pageOf(parameters);
      const { 'filter[role]': role, 'filter[status]': status, 'filter[commit]': commit } = parameters;
      const filter = {
        ...(role === undefined ? {} : { role }),
        ...(status === undefined ? {} : { status }),
        ...(commit === undefined ? {} : { commit }),
      };
      const { result, stale } = await services.queries.ask('ListBuilds', { page, filter }, seeing(request));
      return {
        status: 200,
        document: {
          data: result.items.map((build) => presentBuild(build, language)),
          links: pageLinks(request.path, request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/builds/{id}',
    summary: 'One build; its log is that of its operation, which has the same id',
    answers: { 200: 'builds' },
    parameters: Type.Object({}, { additionalProperties: false }),
    async handle(request) {
      const { result, stale } = await services.queries.ask('GetBuild', { id: request.id }, seeing(request));
      return { status: 200, document: { data: presentBuild(result, request.language), ...metaOf(stale) } };
    },
  }),
  route({
    method: 'GET',
    path: '/builds/{id}/changes',
    summary:
      'What has come into the image since another build; by default since the one before on its branch',
    answers: { 200: 'build-changes' },
    parameters: Type.Object({ since: Type.Optional(Id) }, { additionalProperties: false }),
    async handle(request) {
      const { since } = request.parameters;
      const asked = { id: request.id, ...(since === undefined ? {} : { since }) };
      const options = { ...seeing(request), timeoutMs: changesMs };
      const { result } = await services.queries.ask('GetBuildChanges', asked, options);
      return { status: 200, document: { data: presentBuildChanges(result, request.language) } };
    },
  }),
];
