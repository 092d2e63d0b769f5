import { Type, type Static } from 'typebox';
import { bulkPace } from '../values/bulk-pace.ts';
import { closed, nullable, patterned, Sealed } from '../values/primitives.ts';
import { HostKeyFingerprint, hostKeyText } from './servers.ts';

/** Address of a git repository, without a password in it. What else it must be is told by the builder. */
const RepositoryUrl = patterned(
  '^[^\\s\\u0000-\\u001f\\u007f-][^\\s\\u0000-\\u001f\\u007f]*$',
  'must be the address of a git repository without blanks, like "git@git.example.org:lab/app.git"',
  { minLength: 1, maxLength: 1000 },
);

const BranchName = Type.String({ minLength: 1, maxLength: 200 });

/** The branches that images are built from. */
const Branches = closed({ dev: BranchName, prod: BranchName });

const DockerfilePath = patterned(
  '^(?!-)(?!.*(?:^|/)\\.{0,2}(?:/|$))[^\\u0000-\\u001f\\u007f]+$',
  'must be a path inside the repository, like "docker/Dockerfile"',
  { minLength: 1, maxLength: 300 },
);

/** Whose clients are switched to an image once its build has ended well: those on servers of a role. The pace is that of the switch of many. */
export const SwitchRule = closed({
  switch: Type.Union([
    Type.Literal('none'),
    Type.Literal('stage'),
    Type.Literal('production'),
    Type.Literal('all'),
  ]),
  ...bulkPace,
});
export type SwitchRule = Static<typeof SwitchRule>;

/** What follows the builds of each branch. Absent: nothing. */
const AfterBuild = closed({ dev: Type.Optional(SwitchRule), prod: Type.Optional(SwitchRule) });

/** User that a token is sent with: it ends at the first colon of the header that carries it. */
const Username = patterned(
  '^[^:\\u0000-\\u001f\\u007f-\\u009f]+$',
  'must hold neither a colon nor control characters, like "oauth2"',
  { minLength: 1, maxLength: 100 },
);

const secret = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/**
 * Attributes of `PUT/PATCH /repository`. PUT has an address, and for what else is absent the defaults: branches `dev` and `master`, `Dockerfile`,
 * user `git`. Of PATCH what is absent stays. A host key that is absent stays for the same host, else it is recorded now. Key and token stay when
 * neither is sent, a token and its user only for the same host; so does the secret of the hook.
 */
export const RepositoryChanges = closed({
  url: Type.Optional(RepositoryUrl),
  branches: Type.Optional(Type.Partial(Branches, { additionalProperties: false })),
  dockerfile: Type.Optional(DockerfilePath),
  afterBuild: Type.Optional(AfterBuild),
  hostKey: Type.Optional(hostKeyText),
  privateKey: Type.Optional(secret(32_768)),
  passphrase: Type.Optional(secret(1024)),
  /** Null: none any more. */
  token: Type.Optional(
    nullable(
      patterned('^[\\x21-\\x7e]+$', 'must be printable ASCII without blanks, like "glpat-5nBq8Xw2"', {
        minLength: 1,
        maxLength: 1024,
      }),
    ),
  ),
  username: Type.Optional(Username),
  /** By which the host of the repository signs what it tells `POST /hooks/git`. Null: that path takes nothing any more. */
  hookSecret: Type.Optional(
    nullable(
      patterned(
        '^[\\x21-\\x7e]+$',
        'must be 16 or more printable ASCII characters without blanks, like "f6b1c0d2e3a4958677869504132a3b4c"',
        {
          minLength: 16,
          maxLength: 256,
        },
      ),
    ),
  ),
});
export type RepositoryChanges = Static<typeof RepositoryChanges>;

/** Attributes of `POST /repository/check`. */
export const RepositoryCheckAttributes = closed({ fingerprint: Type.Optional(HostKeyFingerprint) });

/** By what the repository lets us in. */
export const RepositoryAccess = Type.Union([
  Type.Literal('key'),
  Type.Literal('token'),
  Type.Literal('none'),
]);
export type RepositoryAccess = Static<typeof RepositoryAccess>;

/** Data of the command that sets it. `whole`: what is absent gets its default, else it stays. */
export const repositoryParameters = {
  whole: Type.Boolean(),
  url: Type.Optional(RepositoryUrl),
  branches: Type.Optional(Type.Partial(Branches, { additionalProperties: false })),
  dockerfile: Type.Optional(DockerfilePath),
  afterBuild: Type.Optional(AfterBuild),
  hostKey: Type.Optional(hostKeyText),
  username: Type.Optional(Username),
  /** JSON `{kind: "key", privateKey, passphrase?}` or `{kind: "token", token}`, sealed. Null: none any more. Absent: those of before. */
  credentials: Type.Optional(nullable(Sealed)),
  /** Sealed. Null: none any more. Absent: that of before. */
  hookSecret: Type.Optional(nullable(Sealed)),
};

/** The repository as events tell of it. `hostKey`: `ssh-ed25519 AAAA…`, of an address of ssh. */
export const RecordedRepository = closed({
  url: Type.String(),
  branches: closed({ dev: Type.String(), prod: Type.String() }),
  dockerfile: Type.String(),
  afterBuild: Type.Optional(AfterBuild),
  access: RepositoryAccess,
  hostKey: Type.Optional(Type.String()),
  /** As `ssh-keygen -l` shows it. */
  hostKeyFingerprint: Type.Optional(Type.String()),
  /** What the repository has to let in: `ssh-ed25519 AAAA…`. */
  publicKey: Type.Optional(Type.String()),
  /** The user that the token is sent with. Absent from events before there was a choice: `git`. */
  username: Type.Optional(Type.String()),
});
export type RecordedRepository = Static<typeof RecordedRepository>;
