import { expect, test } from '@jest/globals';
import { Rejection } from '@alfa-cloud/contracts';
import { repositoryDecider, type RepositoryCommand, type RepositoryState } from './repository-state.ts';

const set = {
  url: 'https://git.example.org/app',
  branches: { dev: 'dev', prod: 'master' },
  dockerfile: 'Dockerfile',
  access: 'none' as const,
};
const moved = { ...set, url: 'https://other.example.org/app' };
const decide = (command: RepositoryCommand, now: RepositoryState) => repositoryDecider.decide(command, now);

test('what was decided on a repository that has been changed meanwhile is refused', () => {
  const commands: RepositoryCommand[] = [
    { type: 'set', repository: { ...set, dockerfile: 'other' }, before: set },
    { type: 'accept_host_key', hostKey: 'ssh-ed25519 A', fingerprint: 'SHA256:a', before: set },
  ];
  for (const command of commands) {
    expect(decide(command, { ...set })).toHaveLength(1);
    expect(() => decide(command, moved)).toThrow(Rejection);
  }
});
