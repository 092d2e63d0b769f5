import {
  type buildChangesResource,
  type BuildChangesView,
  type buildResource,
  type BuildView,
  type Language,
  type ResourceOf,
  withReasonInWords,
  toOne,
} from '@alfa-cloud/contracts';

/** Resource `builds`, with the id of its operation. */
export const presentBuild = (build: BuildView, language: Language): ResourceOf<typeof buildResource> => {
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

/** Resource `build-changes`, with the id of the build. */
export const presentBuildChanges = (
  changes: BuildChangesView,
  language: Language,
): ResourceOf<typeof buildChangesResource> => {
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
