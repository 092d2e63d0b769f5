import type { ClientResource } from '../../../api/resources.ts';

type Attributes = ClientResource;

/** What is shown of a client at a moment, in this order; what is measured at present alone is left out. */
const shownNames = [
  'status',
  'name',
  'slug',
  'email',
  'ownerLogin',
  'notes',
  'expireDate',
  'expiryWarnings',
  'image',
  'imageId',
  'maintenance',
  'demo',
  'aliases',
  'limits',
  'quickStart',
  'tutorial',
  'locale',
  'usersCount',
  'lastBackupAt',
] as const satisfies readonly (keyof Attributes)[];

export type ShownName = (typeof shownNames)[number] | 'server';

export interface Difference {
  name: ShownName;
  was: unknown;
  is: unknown;
  isOther: boolean;
}

const serverOf = (client: ClientResource): string | null => client.server?.id ?? null;

/**
 * A client as it was beside what it is. Pure.
 * @param now null: the client is deleted, and nothing differs from nothing
 */
export const comparedWith = (then: ClientResource, now: ClientResource | null): Difference[] => {
  const difference = (name: ShownName, was: unknown, is: unknown): Difference => ({
    name,
    was,
    is,
    isOther: now !== null && JSON.stringify(was) !== JSON.stringify(is),
  });
  return [
    ...shownNames.map((name) => difference(name, then[name], now?.[name])),
    difference('server', serverOf(then), now === null ? null : serverOf(now)),
  ];
};

/** Whether a moment that an address names lies before all events of a page. Pure. @param oldestAt null: the page has none */
export const isBefore = (moment: string, oldestAt: string | null): boolean =>
  moment !== '' && moment !== 'now' && oldestAt !== null && moment < oldestAt;
