import {
  type ImageSortField,
  type ImageView,
  Id,
  ImageReference,
  searchText,
  type ResourceOf,
  type imageOverviewResource,
  toMany,
} from '@alfa-cloud/contracts';
import { Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Route, route } from '../http/route.ts';
import { type RouteServices, seeing } from '../services.ts';

const sortFields = ['name', 'createdAt', 'sizeBytes', 'clientCount'] as const satisfies ImageSortField[];
const flag = Type.Optional(Type.Enum(['true', 'false']));

/** Images over all servers. */
export const imageRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: '/images',
    summary: 'Images of the client application over all servers: where they are, and who runs from them',
    answers: { 200: 'image-overviews[]' },
    parameters: Type.Object(
      {
        ...pageParameters,
        sort: Type.Optional(
          Type.Array(Type.Enum(sortFields.flatMap((field) => [field, `-${field}`])), {
            maxItems: sortFields.length,
          }),
        ),
        'filter[serverId]': Type.Optional(Id),
        'filter[reference]': Type.Optional(ImageReference),
        'filter[repository]': Type.Optional(ImageReference),
        'filter[outdated]': flag,
        'filter[inUse]': flag,
        'filter[search]': Type.Optional(searchText(200)),
      },
      { additionalProperties: false },
    ),
    async handle(request) {
      const { parameters } = request;
      const page = pageOf(parameters);
      const {
        sort = [],
        'filter[serverId]': serverId,
        'filter[reference]': reference,
        'filter[repository]': repository,
        'filter[outdated]': outdated,
        'filter[inUse]': inUse,
        'filter[search]': search,
      } = parameters;
      const asked = {
        page,
        sort: sort.map((key) => ({
          field: key.replace(/^-/, '') as ImageSortField,
          descending: key.startsWith('-'),
        })),
        filter: {
          ...(serverId === undefined ? {} : { serverId }),
          ...(reference === undefined ? {} : { reference }),
          ...(repository === undefined ? {} : { repository }),
          ...(outdated === undefined ? {} : { outdated: outdated === 'true' }),
          ...(inUse === undefined ? {} : { inUse: inUse === 'true' }),
          ...(search === undefined ? {} : { search }),
        },
      };
      const { result, stale } = await services.queries.ask('ListImages', asked, seeing(request));
      return {
        status: 200,
        document: {
          data: result.items.map(presentImageOverview),
          links: pageLinks(request.path, request.search, { ...page, total: result.total }),
          ...metaOf(stale, { total: result.total }),
        },
      };
    },
  }),
];

/** Resource `image-overviews`; its id is Docker's. */
const presentImageOverview = (image: ImageView): ResourceOf<typeof imageOverviewResource> => ({
  type: 'image-overviews',
  id: image.id,
  attributes: {
    references: image.references,
    version: image.version,
    sizeBytes: image.sizeBytes,
    createdAt: image.createdAt,
    outdated: image.outdated,
    clientCount: image.clientCount,
    presence: image.servers,
    build: image.build,
  },
  relationships: {
    servers: toMany(
      'servers',
      image.servers.map(({ serverId }) => serverId),
    ),
    clients: toMany('clients', image.clientIds),
  },
});
