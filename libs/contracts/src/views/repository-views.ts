import type { RecordedRepository, SwitchRule } from '../attributes/repository.ts';
import { count, flag, moment, oneOf, orNull, part, text } from './property.ts';
import { defineResource } from './resource.ts';

const shownRule = (description: string) =>
  part(
    {
      switch: oneOf(['none', 'stage', 'production', 'all'], 'Those on servers of this role.'),
      canary: count('Clients that go first, one at a time.', 1),
      waveSize: count('Clients at the same time afterwards.', 4),
      stopAfter: count('Failures after which no further client is begun.', 3),
    },
    description,
  );

export const repositoryResource = defineResource({
  type: 'repositories',
  title: { en: 'Repository', ru: 'Репозиторий' },
  description: 'The git repository that images are built from. There is one.',
  id: text('Always `repository`.', 'repository'),
  attributes: {
    url: text('Its address, without a password.', 'git@git.example.org:lab/app.git'),
    branches: part(
      { dev: text('That of development.', 'dev'), prod: text('That of production.', 'master') },
      'Names of the branches that images are built from.',
    ),
    dockerfile: text('Path of the Dockerfile in it.', 'Dockerfile'),
    afterBuild: part(
      {
        dev: shownRule('Those of the development branch.'),
        prod: shownRule('Those of the production branch.'),
      },
      'Whose clients are switched to the image of a build that has ended well.',
    ),
    access: oneOf(['key', 'token', 'none'], 'By what it lets us in.'),
    publicKey: orNull(
      text(
        'What it has to let in; null without a key.',
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m alfa-cloud',
      ),
    ),
    hostKey: orNull(
      text(
        'Host key that counts, of an address of ssh; null for any other.',
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH9q',
      ),
    ),
    hostKeyFingerprint: orNull(
      text(
        'The same as `ssh-keygen -l` shows it; null for any other.',
        'SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo',
      ),
    ),
    username: orNull(text('User that the token is sent with; null without a token.', 'git')),
    hook: flag('Its host may tell of pushes: the secret of the hook is known.', true),
    changedAt: moment('When it was set, or its host key accepted, last.'),
  },
  links: { self: 'The repository.' },
});

/** The repository that images are built from. */
export interface RepositoryView extends RecordedRepository {
  /** With the default pace where none is set. */
  afterBuild: Record<'dev' | 'prod', Required<SwitchRule>>;
  /** When it was set, or its host key accepted, last. */
  changedAt: string;
  /** The host of the repository may tell of pushes: its secret is known. */
  hook: boolean;
}

/** By what a push is known. */
export interface GitHookView {
  secret: string | null;
  branches: RecordedRepository['branches'];
}
