import {
  CalendarDate,
  type ClientSortField,
  Id,
  ImageReference,
  type ListClients,
  searchText,
} from '@alfa-cloud/contracts';
import { Type, type Static } from 'typebox';
import { defaultPageSize, pageParameters } from '../http/pagination.ts';
import { fieldNames } from '../http/query-parameters.ts';
import { serverFields } from '../servers/present-server.ts';
import { clientFields } from './present-client.ts';

const sortFields = ['name', 'slug', 'createdAt', 'expireDate', 'status'] as const satisfies ClientSortField[];

/** Sparse fieldsets of the resources that client paths answer with. */
export const clientFieldParameters = {
  'fields[clients]': fieldNames(clientFields),
  'fields[servers]': fieldNames(serverFields),
};

/** `include=server`. */
export const includeServerParameter = {
  include: Type.Optional(Type.Array(Type.Enum(['server']), { uniqueItems: true })),
};

/** Query parameters of `GET /clients`. */
export const ListClientsParameters = Type.Object(
  {
    ...pageParameters,
    ...clientFieldParameters,
    ...includeServerParameter,
    sort: Type.Optional(
      Type.Array(Type.Enum(sortFields.flatMap((field) => [field, `-${field}`])), {
        maxItems: sortFields.length,
      }),
    ),
    'filter[status]': Type.Optional(Type.Enum(['creating', 'active', 'failed'])),
    'filter[serverId]': Type.Optional(Id),
    'filter[available]': Type.Optional(Type.Enum(['true', 'false', 'null'])),
    'filter[image]': Type.Optional(ImageReference),
    'filter[imageOutdated]': Type.Optional(Type.Enum(['true', 'false'])),
    'filter[copyOf]': Type.Optional(Type.Union([Type.Enum(['any', 'none']), Id])),
    'filter[expiresBefore]': Type.Optional(CalendarDate),
    'filter[search]': Type.Optional(searchText(200)),
  },
  { additionalProperties: false },
);
export type ListClientsParameters = Static<typeof ListClientsParameters>;

const availability = { true: true, false: false, null: null } as const;

/** The query that the parameters ask for. Newest clients come first unless told otherwise. */
export const toListClients = (parameters: ListClientsParameters): ListClients => {
  const status = parameters['filter[status]'];
  const serverId = parameters['filter[serverId]'];
  const available = parameters['filter[available]'];
  const image = parameters['filter[image]'];
  const imageOutdated = parameters['filter[imageOutdated]'];
  const copyOf = parameters['filter[copyOf]'];
  const expiresBefore = parameters['filter[expiresBefore]'];
  const search = parameters['filter[search]'];
  const { sort = [], include = [] } = parameters;
  return {
    page: {
      number: parameters['page[number]'] ?? 1,
      size: parameters['page[size]'] ?? defaultPageSize,
    },
    sort: (sort.length === 0 ? ['-createdAt'] : sort).map((key) => ({
      field: key.replace(/^-/, '') as ClientSortField,
      descending: key.startsWith('-'),
    })),
    filter: {
      ...(status === undefined ? {} : { status }),
      ...(serverId === undefined ? {} : { serverId }),
      ...(available === undefined ? {} : { available: availability[available] }),
      ...(image === undefined ? {} : { image }),
      ...(imageOutdated === undefined ? {} : { imageOutdated: imageOutdated === 'true' }),
      ...(copyOf === undefined ? {} : { copyOf }),
      ...(expiresBefore === undefined ? {} : { expiresBefore }),
      ...(search === undefined ? {} : { search }),
    },
    includeServers: include.length > 0,
  };
};
