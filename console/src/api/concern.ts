import type { Change } from '@alfa-cloud/client';

/** Types of which the lists of a path are made; a path that is missing here shows nothing that the feed tells of. */
const typesOf: Readonly<Record<string, readonly string[] | undefined>> = {
  alerts: ['alerts'],
  builds: ['builds'],
  clients: ['clients'],
  images: ['builds', 'clients', 'operations', 'servers'],
  mails: ['mails'],
  operations: ['operations'],
  servers: ['servers'],
  history: ['servers', 'clients', 'operations', 'backups', 'builds', 'mails', 'alerts'],
};

/** Whether what a path of the API answers may look other than before after a change. Pure; rather once too often than never. */
export const isConcerned = (path: string, change: Change): boolean => {
  const [, root = '', id, part] = path.split('/');
  if (id === undefined) return typesOf[root]?.includes(change.type) === true;
  if (part === undefined) return change.type === root && change.id === id;
  return [change.id, change.clientId, change.serverId].includes(id);
};
