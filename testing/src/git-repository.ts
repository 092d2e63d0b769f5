import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './run-command.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A real git repository on this machine's disk, with a work tree. It is removed after use. */
export interface GitRepository extends AsyncDisposable {
  readonly path: string;
  /** `file://…` */
  readonly url: string;
  /** Runs git in it. */
  git(...args: string[]): Promise<string>;
  /**
   * Commits files on a branch, which begins at the current commit when it is new.
   * @param files content by path; null removes the file
   * @returns the digits of the commit
   */
  commit(branch: string, files: Readonly<Record<string, string | null>>, message?: string): Promise<string>;
}

/** Makes an empty repository, in which nobody's configuration of git applies. */
export async function createGitRepository(): Promise<GitRepository> {
  const directory = await temporaryDirectory('alfa-git-');
  const path = join(directory.path, 'repository');
  const person = { NAME: 'Ada', EMAIL: 'ada@lab.example' };
  const env = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(person).map(([name, value]) => [`GIT_${role}_${name}`, value]),
      ),
    ),
  };
  const git = async (...args: string[]) => (await runCommand('git', ['-C', path, ...args], { env })).trim();
  await runCommand('git', ['init', '--quiet', '--initial-branch=unborn', path], { env });
  return {
    path,
    url: pathToFileURL(path).href,
    git,
    async commit(branch, files, message = 'Change') {
      const known = await git('for-each-ref', '--format=%(refname)', `refs/heads/${branch}`);
      if (known !== '') await git('checkout', '--quiet', '--force', branch);
      else await git('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
      for (const [name, content] of Object.entries(files)) {
        if (content === null) await git('rm', '--quiet', '-r', '--', name);
        else {
          await mkdir(dirname(join(path, name)), { recursive: true });
          await writeFile(join(path, name), content);
        }
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}
