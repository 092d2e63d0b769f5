import { readFile } from 'node:fs/promises';

/** A row of a table of docs/configuration.md. */
export interface DocumentedVariable {
  name: string;
  meaning: string;
}

/** The variables that docs/configuration.md describes, by the heading above their table, in lower case. */
export const documentedVariables = async (path: string): Promise<Map<string, DocumentedVariable[]>> => {
  const sections = new Map<string, DocumentedVariable[]>();
  let section: DocumentedVariable[] = [];
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) sections.set(heading.toLowerCase(), (section = []));
    const [, cell = '', meaning = ''] = /^\| ([^|]+)\|[^|]*\|([^|]*)\|$/.exec(line) ?? [];
    for (const [, name = ''] of cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g))
      section.push({ name, meaning: meaning.trim() });
  }
  return sections;
};
