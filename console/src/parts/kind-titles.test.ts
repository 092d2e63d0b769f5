import { expect, test } from '@jest/globals';
import { operations } from '@alfa-cloud/contracts';
import { kindTitles } from './kind-titles.ts';

test('every kind of operation can be chosen, by the title that the API gives it', () => {
  const chosen = operations.filter(({ kind }) => kind !== 'command.rejected');
  for (const language of ['en', 'ru'] as const) {
    expect(kindTitles[language]).toEqual(
      Object.fromEntries(chosen.map(({ kind, title }) => [kind, title[language]])),
    );
  }
});
