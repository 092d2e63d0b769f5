/** How a client comes to another server: itself, or a copy of it. */
export type Way = 'move' | 'copy';

/** Cables are cut when steps begin: which ones, and for how long. */
export interface Cut {
  of: readonly ('source' | 'target')[];
  ms: number;
}

/** Steps that meet with a cut together, each with a client of its own. */
export interface Round {
  way: Way;
  group: readonly string[];
  cut: Cut;
  /** Steps whose operation gives up, and takes back what it has done; default: none. */
  failing?: readonly string[];
}

/** In their order. */
export const moveGroups: readonly (readonly string[])[] = [
  ['check', 'image', 'reserve', 'target', 'storage', 'vhost'],
  ['page', 'stop', 'storage_rest', 'database', 'verify', 'start'],
  ['repoint', 'open', 'settings', 'forward', 'reachable'],
];
const [beforePage = [], behindPage = [], afterwards = []] = moveGroups;

export const copyGroups: readonly (readonly string[])[] = [
  ['reserve', 'check', 'image', 'config', 'database', 'volume'],
  ['network', 'source', 'storage', 'clear', 'container', 'healthy'],
  ['owner', 'application', 'settings', 'vhost', 'reachable'],
];
/** The others do nothing at the source. */
const ofSource = ['check', 'image', 'source', 'storage'];

const long = 75_000;
const short = 5000;
/** No step waits that long. */
const tooLong = 200_000;

export const cutRounds: readonly Round[] = [
  ...[long, short].flatMap((ms) =>
    ([['target'], ['source'], ['source', 'target']] as const).flatMap((of) =>
      [behindPage, afterwards, beforePage].map((group) => ({ way: 'move' as const, group, cut: { of, ms } })),
    ),
  ),
  {
    way: 'move',
    group: behindPage,
    cut: { of: ['source'], ms: tooLong },
    failing: behindPage.filter((step) => step !== 'start'),
  },
  { way: 'move', group: behindPage, cut: { of: ['source', 'target'], ms: tooLong }, failing: behindPage },
  ...[long, short].flatMap((ms) => [
    ...copyGroups.map((group) => ({ way: 'copy' as const, group, cut: { of: ['target'] as const, ms } })),
    ...([['source'], ['source', 'target']] as const).map((of) => ({
      way: 'copy' as const,
      group: ofSource,
      cut: { of, ms },
    })),
  ]),
];
