import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importedBy, importsBelow, type Import } from './imports.ts';
import { againstLayers, circles, mutualFolders, type Layers } from './rules.ts';

const root = join(import.meta.dirname, '../../..');

/** Each library may import only those before it. */
const libraries: Layers = [
  ['client', 'service-kit', 'contracts', 'embedded-eventstore'],
  ['cloud-server', 'event-sourcing', 'messaging'],
  ['secrets', 'operations'],
  ['servers', 'service-host'],
];

const provisioner: Layers = [
  'domain',
  'read-models',
  'on-server',
  'resources',
  ['operations', 'monitoring'],
  ['bulk', 'reconcilers', 'queries'],
  'config',
];

/** What is declared once for all services: words first, then what commands, events and answers consist of. */
const contracts: Layers = [
  'words',
  'values',
  ['faults', 'attributes'],
  'operations',
  'events',
  'history',
  'views',
  ['commands', 'queries'],
];

const projector: Layers = [
  ['answering', 'observations'],
  'changes',
  'alerts',
  ['availability', 'images', 'servers', 'backups', 'builds', 'mails', 'notices', 'operations'],
  ['clients', 'history'],
  'queries',
  'read-models',
  'projection',
  'serving',
];

const gateway: Layers = [
  'http',
  ['access', 'client-files', 'commands'],
  'password-page',
  'operations',
  ['alerts', 'builds', 'feed', 'mails', 'webhooks', 'repository'],
  ['servers', 'history', 'authentication'],
  ['clients', 'hooks'],
  'description',
  ['client-types', 'docs'],
];

const libraryOf = (place: string): string | null =>
  /^(?:libs\/|@alfa-cloud\/)([^/]+)/.exec(place)?.[1] ?? null;

/** Folders of the sources of one package; what stands beside them puts them together. */
const foldersOf =
  (part: string) =>
  (place: string): string | null =>
    place.startsWith(`${part}/src/`) ? (/^([^/]+)\//.exec(place.slice(part.length + 5))?.[1] ?? null) : null;

const ofLibraries = importsBelow(root, 'libs/*/src');
const ofServices = importsBelow(root, 'services/*/src');
const isFile = ({ to }: Import) => to.endsWith('.ts');
/** What puts the parts of a package together may import them, and is imported by none of them. */
const isEntry = ({ from }: Import) => /\/src\/[^/]+$/.test(from);
describe('imports', () => {
  test('of libraries follow their order', () => {
    expect(againstLayers(ofLibraries, libraries, libraryOf)).toEqual([]);
  });

  test.each([
    ['libs/contracts', contracts],
    ['services/provisioner', provisioner],
    ['services/projector', projector],
    ['services/api-gateway', gateway],
  ])('of %s follow its layers', (part, layers) => {
    expect(againstLayers([...ofLibraries, ...ofServices], layers, foldersOf(part))).toEqual([]);
  });

  test.each([
    'libs/contracts',
    'libs/operations',
    'libs/servers',
    'services/api-gateway',
    'services/projector',
    'services/provisioner',
  ])('go one way between two folders of %s', (part) => {
    const inside = [...ofLibraries, ...ofServices].filter(
      (each) => each.from.startsWith(`${part}/`) && isFile(each) && !isEntry(each),
    );
    expect(mutualFolders(inside)).toEqual([]);
  });

  test('make no circle, not even of types', () => {
    expect(circles([...ofLibraries, ...ofServices].filter(isFile))).toEqual([]);
  });
});

describe('the rules', () => {
  test('see every way to import a file', () => {
    const source = `import './a.ts';
import type { B } from './b.ts';
import c, {
  type D,
} from './c.ts';
export { e } from './e.ts';
export * from 'package';
const text = "from './none.ts'";
`;
    expect(importedBy(source)).toEqual(['./a.ts', './b.ts', './c.ts', './e.ts', 'package']);
  });

  const layers: Layers = ['low', ['left', 'right'], 'top'];
  const nameOf = (place: string) => place.split('/')[0] ?? null;
  test.each([
    ['top/a.ts', 'low/b.ts', true],
    ['left/a.ts', 'low/b.ts', true],
    ['left/a.ts', 'left/b.ts', true],
    ['low/a.ts', 'top/b.ts', false],
    ['left/a.ts', 'right/b.ts', false],
    ['new/a.ts', 'low/b.ts', false],
  ])('let %s import %s: %s', (from, to, isAllowed) => {
    expect(againstLayers([{ from, to }], layers, nameOf)).toHaveLength(isAllowed ? 0 : 1);
  });

  test('find folders that import each other, and circles', () => {
    const imports = [
      { from: 'a/x.ts', to: 'b/y.ts' },
      { from: 'b/y.ts', to: 'c/z.ts' },
      { from: 'b/w.ts', to: 'a/v.ts' },
      { from: 'c/z.ts', to: 'a/x.ts' },
    ];
    expect(mutualFolders(imports)).toEqual([
      'a and b import each other: a/x.ts → ../b/y.ts, b/w.ts → ../a/v.ts',
    ]);
    expect(circles(imports)).toEqual(['a/x.ts → b/y.ts → c/z.ts → a/x.ts']);
  });
});
