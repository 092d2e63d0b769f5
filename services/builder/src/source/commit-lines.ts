import type { AuthoredCommit, CommitLine } from './source.ts';

const charsMax = 200;

/** Commits as `git log --format=%H%x00%cI%x00%s` writes them. */
export const commitLines = (written: string): CommitLine[] =>
  written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha = '', committedAt = '', ...subject] = line.split('\0');
      return { sha, committedAt: new Date(committedAt).toISOString(), subject: oneLine(subject.join(' ')) };
    });

/** Commits as `git log --format=%H%x00%cI%x00%an%x00%s` writes them. */
export const authoredCommits = (written: string): AuthoredCommit[] =>
  written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha = '', committedAt = '', author = '', ...subject] = line.split('\0');
      return {
        sha,
        committedAt: new Date(committedAt).toISOString(),
        author: oneLine(author),
        subject: oneLine(subject.join(' ')),
      };
    });

const oneLine = (text: string): string => text.replaceAll(unprintable, ' ').trim().slice(0, charsMax);

/** An author may write anything: control characters and separators of lines. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
