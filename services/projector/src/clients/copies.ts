import type { ClientView } from '@alfa-cloud/contracts';
import { json, jsonExtended, jsonObject, type Json } from '../answering/json.ts';
import { asColumns, type Statements } from '../answering/statements.ts';

type Bound = Pick<ClientView, 'sourceSlug' | 'copies'>;

/** What of a row of `clients` tells its copies and its source, by column. */
export const copiesSql = {
  source_slug: `(SELECT source.slug FROM clients AS source WHERE source.id = clients.copy_of AND source.deleted = 0)`,
  copies: `(
    SELECT json_group_array(json_object('clientId', copy.id, 'slug', copy.slug, 'serverId', copy.server_id))
    FROM clients AS copy WHERE copy.copy_of = clients.id AND copy.deleted = 0 AND copy.status <> 'failed')`,
} as const;

/** What the columns of {@link copiesSql} tell. */
export const boundOf = (row: Record<string, unknown>): Json<Bound> => {
  const { source_slug: slug, copies } = row;
  return jsonObject<Bound>({
    sourceSlug: json(typeof slug === 'string' ? slug : null),
    copies: String(copies),
  });
};

/** The same of today for a client that was put together from its events. */
export const withBound = <T extends { id: string }>(
  statements: Statements,
  { id }: { id: string },
  client: Json<T>,
): Json<T & Bound> => {
  const row = statements.of(`SELECT ${asColumns(copiesSql)} FROM clients WHERE clients.id = ?`).get(id);
  const unknown: Bound = { sourceSlug: null, copies: [] };
  return jsonExtended(client, row === undefined ? json(unknown) : boundOf(row));
};
