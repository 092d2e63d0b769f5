import type { ClientResource } from '../../../api/resources.ts';

const limitNames = ['memoryMb', 'cpus', 'pids', 'uploadMb', 'requestTimeoutS'] as const;
export type LimitName = (typeof limitNames)[number];

/** What can be changed of a client, as a form holds it. */
export interface Details {
  name: string;
  email: string;
  locale: 'ru' | 'en';
  notes: string;
  expiryWarnings: boolean;
  /** One a line. */
  aliases: string;
  limits: Record<LimitName, string>;
}

export const detailsOf = (client: ClientResource): Details => ({
  name: client.name ?? '',
  email: client.email ?? '',
  locale: client.locale,
  notes: client.notes ?? '',
  expiryWarnings: client.expiryWarnings,
  aliases: client.aliases.join('\n'),
  limits: Object.fromEntries(
    limitNames.map((name) => [name, String(client.limits[name] ?? '')]),
  ) as Details['limits'],
});

/** As they are now, but for what a form has been given since `known` was in it. */
export const mergedDetails = (now: Details, known: Details, form: Details): Details => {
  const of = <Part extends object>(its: Part, was: Part, shown: Part): Part =>
    Object.fromEntries(
      Object.keys(its).map((key) => {
        const name = key as keyof Part;
        return [name, shown[name] === was[name] ? its[name] : shown[name]];
      }),
    ) as Part;
  return { ...of(now, known, form), limits: of(now.limits, known.limits, form.limits) };
};

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The attributes that were changed, as the API takes them. What somebody else has changed meanwhile is not put back. */
export const changedAttributes = (before: Details, now: Details): Record<string, unknown> => {
  const changed: Record<string, unknown> = {};
  for (const name of ['name', 'email', 'locale', 'expiryWarnings'] as const) {
    if (now[name] !== before[name]) changed[name] = now[name];
  }
  if (now.notes !== before.notes) changed['notes'] = now.notes.trim() === '' ? null : now.notes;
  if (now.aliases !== before.aliases) changed['aliases'] = lines(now.aliases);
  const limits = limitNames.filter((name) => now.limits[name] !== before.limits[name]);
  if (limits.length > 0) {
    changed['limits'] = Object.fromEntries(
      // Emptied: as the server has it.
      limits.map((name) => [name, now.limits[name].trim() === '' ? null : Number(now.limits[name])]),
    );
  }
  return changed;
};

export { limitNames };
