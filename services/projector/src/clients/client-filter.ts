import type { ClientSortField, ListClients } from '@alfa-cloud/contracts';
import type { SQLInputValue } from 'node:sqlite';
import { availabilityJoin, availabilitySql } from '../availability/availability.ts';
import { imageOutdatedSql, imagesCheckedMsSql, observedImagesJoin } from '../images/observed-images.ts';
import { folded } from './search-text.ts';

/** Part of an SQL statement with the values of its placeholders. No value ever stands in the text itself. */
export interface Condition {
  where: string;
  values: SQLInputValue[];
  /** What has to be joined to `clients`. */
  join: string;
  /** True when the condition looks at observations, whose answer changes with time alone. */
  readsObservations: boolean;
}

const { available, checkedMs } = availabilitySql;
const fresh = `coalesce(${checkedMs} >= ?, FALSE)`;

/**
 * The filter of a client list as SQL over `clients` and what its `join` adds. Deleted clients are in no list.
 * @param freshFromMs observations before this moment (milliseconds since 1970) count as unknown
 */
export const clientCondition = (filter: ListClients['filter'], freshFromMs: number): Condition => {
  // Literally what the indexes are limited to: only so are they used.
  const parts: string[] = ['clients.deleted = 0'];
  const values: SQLInputValue[] = [];
  const add = (part: string, ...partValues: SQLInputValue[]) => {
    parts.push(part);
    values.push(...partValues);
  };
  if (filter.status !== undefined) add('clients.status = ?', filter.status);
  if (filter.held === true) add('clients.held_server_id IS NOT NULL');
  if (filter.serverId !== undefined) add('clients.server_id = ?', filter.serverId);
  if (filter.copyOf === 'none') add('clients.copy_of IS NULL');
  else if (filter.copyOf === 'any') add('clients.copy_of IS NOT NULL');
  else if (filter.copyOf !== undefined) add('clients.copy_of = ?', filter.copyOf);
  if (filter.image !== undefined) add('clients.image = ?', filter.image);
  if (filter.expiresBefore !== undefined) add('clients.expire_date < ?', filter.expiresBefore);
  // instr, not LIKE: nothing in the text has a meaning of its own, so nothing needs escaping, and length has no limit.
  if (filter.search !== undefined) add('instr(clients.search, ?) > 0', folded(filter.search));
  if (filter.available === null) {
    add(`(${available} IS NULL OR NOT ${fresh})`, freshFromMs);
  } else if (filter.available !== undefined) {
    add(`${available} = ? AND ${fresh}`, Number(filter.available), freshFromMs);
  }
  if (filter.imageOutdated !== undefined) {
    add(`${imageOutdatedSql} = ? AND ${imagesCheckedMsSql} >= ?`, Number(filter.imageOutdated), freshFromMs);
  }
  const readsAvailability = filter.available !== undefined;
  const readsImages = filter.imageOutdated !== undefined;
  return {
    where: ` WHERE ${parts.join(' AND ')}`,
    values,
    join: `${readsAvailability ? availabilityJoin : ''}${readsImages ? observedImagesJoin : ''}`,
    readsObservations: readsAvailability || readsImages,
  };
};

const columns: { readonly [Field in ClientSortField]: string } = {
  name: 'clients.name',
  slug: 'clients.slug',
  createdAt: 'clients.created_at',
  expireDate: 'clients.expire_date',
  status: 'clients.status',
};

/**
 * Sort order as SQL; ties are broken by id, in the direction of the last field so that an index can be walked either way.
 * Default order: by creation, oldest first.
 */
export const clientOrder = (sort: ListClients['sort']): string => {
  const wishes = sort.length === 0 ? [{ field: 'createdAt', descending: false } as const] : sort;
  const fields = new Map<ClientSortField, boolean>();
  for (const { field, descending } of wishes) {
    if (!fields.has(field)) fields.set(field, descending);
  }
  const last = [...fields.values()].at(-1) ?? false;
  const terms = [...fields].map(([field, descending]) => term(columns[field], descending));
  return ` ORDER BY ${[...terms, term('clients.id', last)].join(', ')}`;
};

const term = (column: string, descending: boolean): string => `${column}${descending ? ' DESC' : ''}`;
