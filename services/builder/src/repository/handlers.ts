import { publicKeyOf } from '@alfa-cloud/cloud-server';
import {
  deriveId,
  message,
  reject,
  streams,
  wordsOf,
  type CommandData,
  type RecordedRepository,
} from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import { errorName } from '@alfa-cloud/service-kit';
import type { GitSettings } from '../source/git-environment.ts';
import { isSameHost, readAddress, type RepositoryAddress } from '../source/repository-address.ts';
import { defaultUsername, type Repository, type RepositoryCredentials } from '../source/repository.ts';
import { reachRepository } from './reach-repository.ts';
import {
  loadRepository,
  repositoryDecider,
  type RepositoryCommand,
  type RepositoryState,
} from './repository-state.ts';
import { hookSecretLost, openCredentials, openRepository, openSealed } from './open-repository.ts';

export interface RepositoryDeps {
  store: EventStore;
  vault: Vault;
  git: GitSettings;
}

const attributes = '/data/attributes';
const defaults = { branches: { dev: 'dev', prod: 'master' }, dockerfile: 'Dockerfile', afterBuild: {} };
const scope = 'repository';

/** Sets the repository, after it has let us in. */
export const setRepositoryHandler = (deps: RepositoryDeps): CommandHandler<'SetRepository'> => ({
  async handle({ command, signal, accepted }) {
    const { store, vault, git } = deps;
    const { state } = await loadRepository(store);
    const { credentials, hookSecret, afterBuild, ...meant } = await inAnswer(() =>
      meantRepository(deps, command.data, state),
    );
    const { hostKey } = await reachRepository(git, { ...meant, credentials }, signal);
    const recorded: RecordedRepository = {
      url: meant.url,
      branches: meant.branches,
      dockerfile: meant.dockerfile,
      afterBuild,
      access: credentials?.kind ?? 'none',
      ...(hostKey === null ? {} : { hostKey: hostKey.text, hostKeyFingerprint: hostKey.fingerprint }),
      ...(credentials?.kind === 'token' ? { username: meant.username } : {}),
      ...(credentials?.kind === 'key' ? { publicKey: publicKeyOf(credentials) } : {}),
    };
    await vault.ensureKey(scope);
    const sealed =
      credentials === null ? {} : { credentials: await vault.seal(scope, JSON.stringify(credentials)) };
    const hook = hookSecret === null ? {} : { hookSecret: await vault.seal(scope, hookSecret) };
    const set = { type: 'set', repository: { ...recorded, ...sealed, ...hook }, before: state } as const;
    const position = await record(store, command, set);
    await accepted({}, position);
  },
});

/** Checks the repository as it is set; trusts another host key when that is told by its fingerprint. */
export const checkRepositoryHandler = ({
  store,
  vault,
  git,
}: RepositoryDeps): CommandHandler<'CheckRepository'> => ({
  async handle({ command, signal, accepted }) {
    const { state } = await loadRepository(store);
    const repository = await inAnswer(() => openRepository({ store, vault, git }));
    if (repository === null)
      throw reject('repository_not_set', message`No repository is set: PUT /repository`);
    const { fingerprint } = command.data;
    const isSsh = repository.address.protocol === 'ssh';
    if (fingerprint !== undefined && !isSsh) {
      const words = message`The repository is not reached by ssh: its host has no host key`;
      throw reject('validation_failed', words, { pointer: `${attributes}/fingerprint` });
    }
    const known = fingerprint ?? repository.hostKey;
    const trusted = known === undefined ? repository : { ...repository, hostKey: known };
    const { hostKey } = await reachRepository(git, trusted, signal);
    const position = await record(
      store,
      command,
      hostKey === null
        ? { type: 'keep' }
        : {
            type: 'accept_host_key',
            hostKey: hostKey.text,
            fingerprint: hostKey.fingerprint,
            before: state,
          },
    );
    await accepted({}, position);
  },
});

/** What would fail a step is told to the sender: no repetition mends it. */
const inAnswer = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (errorName(error) !== 'StepFailure') throw error;
    throw reject('repository_failed', wordsOf(error));
  }
};

const record = async (
  store: EventStore,
  command: Parameters<typeof causeOf>[0],
  decision: RepositoryCommand,
): Promise<bigint> => {
  const { position } = await handleCommand(store, {
    stream: streams.repository,
    decider: repositoryDecider,
    command: decision,
    cause: causeOf(command),
    eventIds: (index) => deriveId(command.id, 'repository', index),
  });
  return position;
};

interface MeantRepository extends Repository {
  username: string;
  afterBuild: NonNullable<RecordedRepository['afterBuild']>;
  hookSecret: string | null;
}

/** The repository that a command means, together with what stays of the one before. */
const meantRepository = async (
  deps: RepositoryDeps,
  {
    whole,
    url: asked,
    branches,
    dockerfile,
    afterBuild,
    hostKey,
    username,
    ...secrets
  }: CommandData<'SetRepository'>,
  before: RepositoryState,
): Promise<MeantRepository> => {
  const url = asked ?? (whole ? undefined : before?.url);
  if (url === undefined)
    throw reject('required', message`"${'url'}" is required`, { pointer: `${attributes}/url` });
  const address = addressOf(url, deps.git);
  const former = before === null ? null : readAddress(before.url, { fileUrls: true });
  // One that is allowed no more has no host.
  const isSame = former !== null && 'address' in former && isSameHost(former.address, address);
  const kept = whole || before === null ? defaults : before;
  const credentials = fitting(await meantCredentials(deps, secrets.credentials, before, isSame), address);
  if (username !== undefined && credentials?.kind !== 'token') {
    const words = message`belongs to a "token" for an address of https, which is absent`;
    throw reject('validation_failed', words, { pointer: `${attributes}/username` });
  }
  const staysWithUser = isSame && (!whole || secrets.credentials === undefined);
  const trusted = hostKey ?? (isSame ? before?.hostKey : undefined);
  return {
    url,
    address,
    branches: { ...kept.branches, ...branches },
    dockerfile: dockerfile ?? kept.dockerfile,
    afterBuild: { ...kept.afterBuild, ...afterBuild },
    ...(trusted === undefined || address.protocol !== 'ssh' ? {} : { hostKey: trusted }),
    credentials,
    username: username ?? (staysWithUser ? before?.username : undefined) ?? defaultUsername,
    hookSecret: await meantHookSecret(deps, secrets.hookSecret, before, isSame),
  };
};

const addressOf = (url: string, settings: Pick<GitSettings, 'fileUrls'>): RepositoryAddress => {
  const read = readAddress(url, settings);
  if ('address' in read) return read.address;
  throw reject('validation_failed', read.fault, { pointer: `${attributes}/url` });
};

/** Those that were sent, else those of before. A token is a secret of its host: another one does not get it. */
const meantCredentials = async (
  { vault }: RepositoryDeps,
  sent: string | null | undefined,
  before: RepositoryState,
  isSameHost: boolean,
): Promise<RepositoryCredentials | null> => {
  if (sent === null) return null;
  const sealed = sent ?? before?.credentials;
  if (sealed === undefined) return null;
  const opened = await openCredentials(vault, sealed);
  return sent === undefined && opened.kind === 'token' && !isSameHost ? null : opened;
};

/** The one that was sent, else that of before: as a token it is a secret of its host. */
const meantHookSecret = async (
  { vault }: RepositoryDeps,
  sent: string | null | undefined,
  before: RepositoryState,
  isSameHost: boolean,
): Promise<string | null> => {
  const sealed = sent === undefined && isSameHost ? before?.hookSecret : sent;
  return typeof sealed === 'string' ? openSealed(vault, sealed, hookSecretLost) : null;
};

/** A key opens addresses of ssh, a token those of https. */
const fitting = (
  credentials: RepositoryCredentials | null,
  { protocol }: RepositoryAddress,
): RepositoryCredentials | null => {
  if (protocol === 'ssh' && credentials?.kind !== 'key') {
    const words = message`An address of ssh needs "privateKey": the deploy key of the repository`;
    throw reject('required', words, { pointer: `${attributes}/privateKey` });
  }
  return protocol === 'https' && credentials?.kind === 'token'
    ? credentials
    : protocol === 'ssh'
      ? credentials
      : null;
};
