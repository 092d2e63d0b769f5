import {
  message,
  reject,
  type ClientEvent,
  type ExpireDateChange,
  type Queries,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { json, jsonArray, jsonObject, type Json } from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Statements } from '../answering/statements.ts';

type Changed = RecordedEvent<Extract<ClientEvent, { type: 'ClientExpireDateChanged' }>>;

/** A change of the last day of use as it is listed. Pure. */
export const expireDateChange = ({ id, data, metadata }: Changed): ExpireDateChange => {
  const { from, to, reason } = data;
  return { id, from, to, reason, actor: metadata.actor, at: metadata.at };
};

/** Queries of the last day of use of a client. */
export interface ExpireDateQueries {
  /** @throws Rejection `not_found` for an unknown client */
  list(
    request: Queries['ListExpireDateChanges']['request'],
  ): Json<Queries['ListExpireDateChanges']['result']>;
}

export const expireDateQueries = (statements: Statements): ExpireDateQueries => ({
  list({ clientId, page }) {
    if (statements.of('SELECT 1 FROM clients WHERE id = ?').get(clientId) === undefined) {
      throw reject('not_found', message`There is no such client`);
    }
    const rows = statements
      .of('SELECT view FROM expire_date_changes WHERE client_id = ? ORDER BY position DESC LIMIT ? OFFSET ?')
      .all(clientId, ...limitOf(page));
    const counted = statements
      .of('SELECT count(*) AS total FROM expire_date_changes WHERE client_id = ?')
      .get(clientId);
    const items = rows.map((row): Json<ExpireDateChange> => String(row['view']));
    return jsonObject({ items: jsonArray(items), total: json(Number(counted?.['total'])) });
  },
});
