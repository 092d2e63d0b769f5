import { Type, type Static } from 'typebox';
import { closed, Id, nullable } from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';
import { FailureCause } from './operations.ts';

/** Which of the two branches a build is of; how they are called in the repository is set there. */
export const BranchRole = Type.Union([Type.Literal('dev'), Type.Literal('prod')]);
export type BranchRole = Static<typeof BranchRole>;

export const BuiltCommit = closed({
  /** 40 or 64 hexadecimal digits. */
  sha: Type.String(),
  /** Name of the branch in the repository. */
  branch: Type.String(),
  committedAt: Type.String(),
  subject: Type.String(),
});
export type BuiltCommit = Static<typeof BuiltCommit>;

/** What became of the image on one server. */
export const BuildPlace = closed({
  serverId: Id,
  name: Type.String(),
  outcome: Type.Union([Type.Literal('ok'), Type.Literal('failed')]),
  /** Docker's id of the image there. */
  imageId: nullable(Type.String()),
  bytesSent: Type.Integer({ minimum: 0 }),
  failure: Type.Optional(closed({ code: Type.String(), ...reasonFields })),
});
export type BuildPlace = Static<typeof BuildPlace>;

/** A build has the id of its operation. */
const ids = { operationId: Id, role: BranchRole };

const begun = closed({
  ...ids,
  /** The server that builds. */
  serverId: Id,
  /** Decided once: the tag is made of it. */
  startedAt: Type.String(),
  force: Type.Boolean(),
  /** Null: all active servers that take clients, as they are when the image is there. */
  targetServers: nullable(Type.Array(Id)),
});

export const buildEvents = {
  /** A push came while its branch was being built: this build begins when that one has ended. At most one of a branch waits. */
  BuildQueued: begun,
  BuildBegun: begun,
  BuildCommitChosen: closed({
    ...ids,
    commit: BuiltCommit,
    /** Path of the Dockerfile that is built by; old events do not tell it. */
    dockerfile: Type.Optional(Type.String()),
    /** The build that has made the image of this commit already. */
    reusedFrom: nullable(Id),
  }),
  /** The image has passed its smoke test and has its names on the server that has built it. `tag`: its own; `movingTag`: that of its branch. */
  BuildImagePublished: closed({
    ...ids,
    imageId: Type.String(),
    repository: Type.String(),
    tag: Type.String(),
    movingTag: Type.String(),
  }),
  /** All servers that were to get the image have been dealt with; one that has failed does not keep it from the others. */
  BuildDistributed: closed({ ...ids, servers: Type.Array(BuildPlace) }),
  BuildSucceeded: closed(ids),
  BuildFailed: closed({ ...ids, cause: FailureCause }),
  BuildCancelled: closed(ids),
};

export type BuildEvent = {
  [Name in keyof typeof buildEvents]: { type: Name; data: Static<(typeof buildEvents)[Name]> };
}[keyof typeof buildEvents];
