import type { Caller } from './caller.ts';

/** What people or programs have written themselves, and logs. */
const ofOthers = new Set(['entries', 'parameters', 'name', 'notes', 'maintenance', 'lines', 'warnings']);

/** Three English words in a row: no name, path or code has so many. Lines below the first are the output of programs. */
const sentence = /(?<![\w/.:-])[A-Za-z][a-z']+(?: [A-Za-z][a-z']*){2,}/;

/** The English sentences in a document, each with its place. */
export const englishIn = (value: unknown, place = ''): string[] => {
  if (typeof value === 'string')
    return sentence.test(value.split('\n')[0] ?? '') ? [`${place}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    ofOthers.has(name) ? [] : englishIn(inside, `${place}/${name}`),
  );
};

/**
 * Asks for everything that is told of a server and its client in Russian, and returns what is English all the same.
 * @param written what people have written
 */
export const englishInAnswers = async (
  call: Caller,
  { serverId, clientId, written = [] }: { serverId: string; clientId: string; written?: readonly string[] },
): Promise<string[]> => {
  const paths = [
    '/servers?filter[active]=all',
    `/servers/${serverId}`,
    '/clients',
    `/clients/${clientId}`,
    `/clients/${clientId}/create_log`,
    `/clients/${clientId}/backups`,
    `/clients/${clientId}/expire_dates_history`,
    `/clients/${clientId}/settings`,
    '/operations?page[size]=100',
    '/history?page[size]=100',
    '/history?page[size]=100&filter[events]=all',
    '/clients/migrate_all?dryRun=true',
    '/clients/deploy?dryRun=true&serverId=00000000-0000-4000-8000-000000000000',
    '/clients/switch_all?dryRun=true&targetImage=alfa:none',
    '/nowhere',
    `/clients/${serverId}`,
    '/operations?page[size]=x',
  ];
  const told = await Promise.all(
    paths.map(async (path) => {
      const { body, text } = await call('GET', path, undefined, { 'accept-language': 'ru' });
      return englishIn(body ?? text).map((found) => `${path} ${found}`);
    }),
  );
  return told.flat().filter((found) => !written.some((words) => found.includes(words)));
};
