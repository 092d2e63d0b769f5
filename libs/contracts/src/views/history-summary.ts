import type { HistoryEntry } from './history-views.ts';
import { inWords } from '../history/sentence.ts';
import type { Language } from '../words/words.ts';

/** An entry of the audit trail in a sentence or, of an operation with what it has brought about, in several. */
export const historySummary = (
  language: Language,
  { said, summary, operation }: Pick<HistoryEntry, 'said' | 'summary' | 'operation'>,
): string => {
  if (said === undefined) return summary;
  return [said, ...(operation?.facts ?? [])].map((sentence) => inWords(language, sentence)).join('. ');
};
