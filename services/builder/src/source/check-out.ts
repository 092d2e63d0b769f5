import { message } from '@alfa-cloud/contracts';
import { StepFailure } from '@alfa-cloud/operations';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallLimits, Mirror } from './mirror.ts';
import { readPlainFile } from './plain-file.ts';

/** Bounds of what is checked out. */
export interface TreeLimits {
  filesMax: number;
  bytesMax: number;
}

const checkOutDeadlineMs = 10 * 60_000;

/**
 * Writes the files of a commit into a folder that is emptied first, with an index beside it, so that neither the mirror nor another check-out
 * is touched. Attributes such as `export-ignore` do not apply: it is what `git clone` gives.
 */
export const checkOutTree = async (
  mirror: Mirror,
  { sha, folder, limits }: { sha: string; folder: string; limits: TreeLimits },
  call: CallLimits & { env: Readonly<Record<string, string>>; warn: (line: string) => void },
): Promise<void> => {
  const { env, warn, ...callLimits } = call;
  const tree = treeIn(await mirror.run(['ls-tree', '-r', '-l', '-z', '--full-tree', sha], callLimits));
  if (tree.files > limits.filesMax || tree.bytes > limits.bytesMax) throw tooLarge(tree, limits);
  for (const path of tree.submodules) warn(`Submodule ${path} is not fetched: its directory stays empty`);

  const index = `${folder}.index`;
  await rm(folder, { recursive: true, force: true });
  await rm(index, { force: true });
  await mkdir(folder, { recursive: true });
  try {
    const own = { ...env, GIT_INDEX_FILE: index };
    await mirror.run(['read-tree', sha], callLimits, own);
    const checkOut = [`--work-tree=${folder}`, 'checkout-index', '--all', '--force', '--quiet'];
    await mirror.run(checkOut, { ...callLimits, deadlineMs: checkOutDeadlineMs }, own);
    if (await usesLfs(folder)) warn('Files of Git LFS are not fetched: their pointers stand in their place');
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
};

const usesLfs = async (folder: string): Promise<boolean> => {
  const attributes = await readPlainFile(join(folder, '.gitattributes'));
  return typeof attributes === 'object' && /\bfilter=lfs\b/.test(attributes.text);
};

/** What `git ls-tree -r -l -z` tells of a tree. */
export const treeIn = (listed: string): { files: number; bytes: number; submodules: string[] } => {
  const submodules: string[] = [];
  let [files, bytes] = [0, 0];
  for (const entry of listed.split('\0')) {
    if (entry === '') continue;
    const [facts = '', path = ''] = entry.split('\t');
    const [mode, , , size = ''] = facts.split(/ +/);
    files += 1;
    if (mode === '160000') submodules.push(path);
    else bytes += Number(size);
  }
  return { files, bytes, submodules };
};

const tooLarge = ({ files, bytes }: { files: number; bytes: number }, limits: TreeLimits): StepFailure =>
  new StepFailure(
    'final',
    'repository_too_large',
    message`The commit has ${files} files of ${megabytes(bytes)} MiB, more than the ${limits.filesMax} files or ${megabytes(limits.bytesMax)} MiB that are checked out: take out what the image does not need`,
  );

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);
