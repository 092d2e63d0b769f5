import { type BuildView, type Language, withReasonInWords } from '@alfa-cloud/contracts';
import { type Resource, toOne } from '../http/document.ts';

/** Names of the attributes of `builds`. */
export const buildFields = [
  'role',
  'status',
  'commit',
  'imageId',
  'tags',
  'places',
  'failure',
  'force',
  'startedAt',
  'endedAt',
  'durationMs',
] as const;

/** Resource `builds`, with the id of its operation. */
export const presentBuild = (build: BuildView, language: Language): Resource => {
  const { id, servers, serverId, reusedFrom, failure, ...attributes } = build;
  return {
    type: 'builds',
    id,
    attributes: {
      ...attributes,
      places: servers.map(({ failure: why, ...place }) => ({
        ...place,
        failure: why === undefined ? null : withReasonInWords(language, why),
      })),
      failure: failure === null ? null : withReasonInWords(language, failure),
    },
    relationships: {
      operation: toOne('operations', id),
      buildServer: toOne('servers', serverId),
      reusedFrom: toOne('builds', reusedFrom),
    },
    links: { self: `/builds/${id}` },
  };
};
