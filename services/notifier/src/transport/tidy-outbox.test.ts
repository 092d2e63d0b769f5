import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tidyOutbox } from './tidy-outbox.ts';

const dayMs = 86_400_000;

test('of the mails in an outbox the newest stay, and none for too long; other files are left alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alfa-outbox-'));
  const now = new Date('2026-11-26T12:00:00Z');
  try {
    const ages = { 'a.eml': 0, 'b.eml': 1, 'c.eml': 2, 'd.eml': 31, 'e.eml.12.part': 31, 'notes.txt': 400 };
    for (const [name, days] of Object.entries(ages)) {
      await writeFile(join(directory, name), 'x');
      const at = new Date(now.getTime() - days * dayMs);
      await utimes(join(directory, name), at, at);
    }
    const left = async (files: number) => {
      await tidyOutbox(directory, { files, ageMs: 30 * dayMs }, now);
      return (await readdir(directory)).toSorted();
    };
    expect(await left(100)).toEqual(['a.eml', 'b.eml', 'c.eml', 'notes.txt']);
    expect(await left(2)).toEqual(['a.eml', 'b.eml', 'notes.txt']);
    await tidyOutbox(join(directory, 'none'), { files: 1, ageMs: 1 }, now);
  } finally {
    await rm(directory, { recursive: true });
  }
});
