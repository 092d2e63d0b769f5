import { dirname, relative } from 'node:path';
import type { Import } from './imports.ts';

/** The layers of a folder, lowest first. Those in one list stand side by side and know nothing of each other. */
export type Layers = readonly (string | readonly string[])[];

/**
 * Imports against the layers: each may import only what stands below it. A file beside the layers' folders may import all of them.
 * @param nameOf the layer that a file or package belongs to; null: none
 */
export const againstLayers = (
  imports: readonly Import[],
  layers: Layers,
  nameOf: (place: string) => string | null,
): string[] => {
  const heights = new Map(layers.flatMap((names, height) => [names].flat().map((name) => [name, height])));
  const sentence = layers.map((names) => [names].flat().join(' | ')).join(' ← ');
  return imports.flatMap(({ from, to }) => {
    const [own, other] = [nameOf(from), nameOf(to)];
    if (own === null || other === null || own === other) return [];
    const [height, otherHeight] = [heights.get(own), heights.get(other)];
    if (height === undefined) return [`${from}: ${own} is no layer; give it a place in ${sentence}`];
    if (otherHeight !== undefined && otherHeight < height) return [];
    return [`${from} imports ${to}: ${own} may import only what stands left of it in ${sentence}`];
  });
};

/** Folders that import each other, with an import of either direction. */
export const mutualFolders = (imports: readonly Import[]): string[] => {
  const between = new Map<string, string>();
  for (const { from, to } of imports) {
    const [a, b] = [dirname(from), dirname(to)];
    if (a !== b && !between.has(`${a} ${b}`)) between.set(`${a} ${b}`, `${from} → ${relative(a, to)}`);
  }
  return [...between].flatMap(([pair, there]) => {
    const [a = '', b = ''] = pair.split(' ');
    const back = between.get(`${b} ${a}`);
    return a < b && back !== undefined ? [`${a} and ${b} import each other: ${there}, ${back}`] : [];
  });
};

/** Circles of files, imports of types included: one for each import that closes one. */
export const circles = (imports: readonly Import[]): string[] => {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const begin = path.indexOf(file);
    if (begin >= 0) found.push([...path.slice(begin), file].join(' → '));
    if (begin >= 0 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
};
