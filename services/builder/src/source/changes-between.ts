import { authoredCommits } from './commit-lines.ts';
import type { Mirror } from './mirror.ts';
import type { Changes } from './source.ts';

const commitsMax = 200;
const deadlineMs = 20_000;

/** What lies between two commits of a mirror, or those of them that it does not have. */
export const changesBetween = async (
  mirror: Mirror,
  { from, to, signal }: { from: string; to: string; signal?: AbortSignal | undefined },
): Promise<Changes | { gone: string[] }> => {
  const limits = { signal, deadlineMs };
  const gone: string[] = [];
  for (const sha of new Set([from, to])) if (!(await mirror.has(sha, limits))) gone.push(sha);
  if (gone.length > 0) return { gone };
  const format = '--format=%H%x00%cI%x00%an%x00%s';
  const asLines = ['--no-color', format, '--no-show-signature', '--no-patch', `--max-count=${commitsMax}`];
  const counted = await mirror.run(['rev-list', '--left-right', '--count', `${from}...${to}`, '--'], limits);
  const [left = 0, commitsTotal = 0] = counted.trim().split('\t').map(Number);
  const log = await mirror.run(['log', ...asLines, to, `^${from}`, '--'], limits);
  const diff = ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--shortstat'];
  const stat = await mirror.run([...diff, from, to, '--'], limits);
  const [files = '0'] = /\d+/.exec(stat) ?? [];
  return { commits: authoredCommits(log), commitsTotal, left, filesChanged: Number(files) };
};
