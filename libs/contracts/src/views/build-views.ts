import type { BuildPlace } from '../events/builds.ts';
import type { FailureCause } from '../events/operations.ts';
import type { Reason } from '../words/reason.ts';
import {
  count,
  flag,
  idOf,
  listOf,
  moment,
  oneOf,
  orNull,
  part,
  reasonOrNull,
  shownReason,
  text,
} from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

export const buildStatuses = ['running', 'ok', 'error', 'cancelled'] as const;
export type BuildStatus = (typeof buildStatuses)[number];

export const buildResource = defineResource({
  type: 'builds',
  title: { en: 'Build', ru: 'Сборка' },
  description: 'A build of an image. It has the id of its operation, whose log is its own.',
  attributes: {
    role: oneOf(
      ['prod', 'dev'],
      'Which of the two branches; what they are called is set with the repository.',
    ),
    status: oneOf(buildStatuses, 'How far it is.'),
    commit: orNull(
      part(
        {
          sha: text('Its id, 40 or 64 hexadecimal digits.', '5f0c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e'),
          branch: text('Name of the branch in the repository.', 'master'),
          committedAt: moment('When it was committed.'),
          subject: text('First line of its message.', 'Labels of samples in two sizes'),
        },
        'The commit that is built; null until the branch is fetched.',
      ),
    ),
    imageId: orNull(
      text(
        "Docker's id of the image; null until it has passed its smoke test.",
        'sha256:9f64c3e07a1d5b2c4f0e',
      ),
    ),
    tags: listOf(text('`repository:tag`.', 'alfa-client:prod'), "The image's names, its own first."),
    places: listOf(
      part(
        {
          serverId: idOf('The server.'),
          name: text('Its name.', 'cloud-1'),
          outcome: oneOf(['ok', 'failed'], 'Whether it has got the image.'),
          imageId: orNull(
            text("Docker's id of the image there; null: it is not there.", 'sha256:9f64c3e07a1d'),
          ),
          bytesSent: count('Bytes that went to it.', 52_428_800),
          failure: orNull(part(shownReason, 'Why it has not got it; null: it has.')),
        },
        'One server.',
      ),
      'Each server that was to get the image, once all have ended.',
    ),
    failure: orNull(
      part(
        { ...shownReason, step: orNull(text('Step that failed; null: none did.', 'smoke')) },
        'Why it failed; null when it has not.',
      ),
    ),
    force: flag('True: the commit is built anew though it was built before.'),
    startedAt: moment('When it began.'),
    endedAt: orNull(moment('When it ended; null before.', '2026-11-22T18:06:00.000Z')),
    durationMs: orNull(count('How long it took, ms; null before its end.', 360_000)),
  },
  relationships: {
    operation: { to: 'operations', description: 'Its operation.' },
    buildServer: { to: 'servers', description: 'The server that builds.' },
    reusedFrom: {
      to: 'builds',
      description: 'The build whose image was taken, as the commit had been built before; null: none.',
    },
  },
  links: { self: 'The build.' },
});

/** A build of an image, with the id of its operation. */
export interface BuildView extends Omit<AttributesOf<typeof buildResource>, 'places' | 'failure'> {
  id: string;
  /** The build whose image was taken, as the commit had been built before. */
  reusedFrom: string | null;
  /** The server that builds. */
  serverId: string;
  /** Each server that was to get the image, once all have ended. */
  servers: BuildPlace[];
  failure: FailureCause | null;
}

const sha = text('Its id, 40 or 64 hexadecimal digits.', '5f0c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e');

export const buildChangesResource = defineResource({
  type: 'build-changes',
  title: { en: 'Changes of a build', ru: 'Изменения сборки' },
  description: 'What has come into the image since another build. It has the id of the build.',
  attributes: {
    commit: orNull(
      text(
        'Commit of the build; null until its branch is fetched.',
        '5f0c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e',
      ),
    ),
    sinceCommit: orNull(
      text(
        'Commit of the build that it is compared with; null: there is none.',
        '1b2a3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b',
      ),
    ),
    commits: listOf(
      part(
        {
          sha,
          author: text('Who wrote it.', 'Anna Petrova'),
          committedAt: moment('When it was committed.'),
          subject: text('First line of its message.', 'Labels of samples in two sizes'),
        },
        'One commit.',
      ),
      'The first 200 commits that have come, the newest first.',
    ),
    commitsTotal: orNull(count('Commits that have come, in all; null: nobody can tell.', 7)),
    leftOut: orNull(
      count('Commits of the image of before that are in this one no more; null: nobody can tell.', 0),
    ),
    filesChanged: orNull(count('Files that differ; null: nobody can tell.', 23)),
    reason: reasonOrNull('Why nobody can tell; null otherwise.'),
  },
  relationships: {
    build: { to: 'builds', description: 'The build.' },
    since: { to: 'builds', description: 'The build that it is compared with; null: there is none.' },
  },
  links: { self: 'The changes.' },
});

/** What has come into the repository from one build to another one. */
export interface BuildChangesView extends Omit<
  AttributesOf<typeof buildChangesResource>,
  'sinceCommit' | 'reason'
> {
  buildId: string;
  /** The build that it is compared with; null: there is none before it on its branch. */
  since: { buildId: string; commit: string } | null;
  reason: Reason | null;
}
