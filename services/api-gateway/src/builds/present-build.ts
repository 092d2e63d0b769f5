import {
  type BuildChangesView,
  type BuildView,
  type Language,
  withReasonInWords,
} from '@alfa-cloud/contracts';
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

/** Names of the attributes of `build-changes`. */
export const buildChangesFields = [
  'commit',
  'sinceCommit',
  'commits',
  'commitsTotal',
  'leftOut',
  'filesChanged',
  'reason',
] as const;

/** Resource `build-changes`, with the id of the build. */
export const presentBuildChanges = (changes: BuildChangesView, language: Language): Resource => {
  const { buildId, since, reason, ...attributes } = changes;
  return {
    type: 'build-changes',
    id: buildId,
    attributes: {
      ...attributes,
      sinceCommit: since?.commit ?? null,
      reason: reason === null ? null : withReasonInWords(language, reason),
    },
    relationships: { build: toOne('builds', buildId), since: toOne('builds', since?.buildId ?? null) },
    links: { self: `/builds/${buildId}/changes` },
  };
};
