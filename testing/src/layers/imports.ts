import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One import, as the paths of both files from the root of the repository; of a package its name instead. */
export interface Import {
  from: string;
  to: string;
}

const specifiers = /(?:^|\n)(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]/g;

/** The specifiers that a source imports, those of types included. */
export const importedBy = (source: string): string[] =>
  [...source.matchAll(specifiers)].map(([, specifier = '']) => specifier);

/** What the production code below a folder imports: every `.ts` file but tests. */
export const importsBelow = (root: string, folder: string): Import[] =>
  globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/node_modules', '**/*.test.ts'] }).flatMap((from) =>
    importedBy(readFileSync(join(root, from), 'utf8')).map((specifier) => ({
      from,
      to: specifier.startsWith('.') ? join(dirname(from), specifier) : specifier,
    })),
  );
