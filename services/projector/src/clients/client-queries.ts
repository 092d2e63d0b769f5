import {
  message,
  effectiveRequestLimits,
  reject,
  type ClientView,
  type Language,
  type ListClients,
  type Queries,
  type Rejection,
  type ServerView,
} from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import {
  availabilityFreshMs,
  availabilityJoin,
  availabilitySql,
  noReason,
} from '../availability/availability.ts';
import {
  imageOutdatedSql,
  imagesCheckedMsSql,
  observedImageSql,
  observedImagesJoin,
} from '../images/observed-images.ts';
import {
  json,
  jsonArray,
  jsonExtended,
  jsonObject,
  type Json,
  textOfArray,
  type WithText,
} from '../answering/json.ts';
import { limitOf } from '../answering/paging.ts';
import type { Remembered } from '../answering/remembered.ts';
import { asColumns, type Statements } from '../answering/statements.ts';
import { cloudAddress } from '../servers/cloud-address.ts';
import type { StoredServer } from '../servers/project-server.ts';
import type { ServerQueries } from '../servers/server-queries.ts';
import { boundOf, copiesSql, withBound } from './copies.ts';
import type { ClientTexts } from './client-texts.ts';
import { clientCondition, clientOrder, type Condition } from './client-filter.ts';
import type { StoredClient } from './project-client.ts';

/** Queries of clients. */
export interface ClientQueries {
  list(request: Queries['ListClients']['request']): Json<Queries['ListClients']['result']>;
  /** The same list with the clients as texts. */
  listTexts(request: ListClients, language: Language): WithText<Queries['ListClients']['result']>;
  /** @throws Rejection `not_found`, `gone` for one that was deleted */
  get(id: string): Json<Queries['GetClient']['result']>;
  /** A client as it was at an earlier moment, put together with the server and the address of today. */
  asItWas(client: ClientAsItWas): Json<Queries['GetClient']['result']>;
  /** Id of the operation that creates the client. @throws Rejection like {@link ClientQueries.get} */
  creatingOperation(id: string): string;
}

type Members = {
  [Name in keyof Queries['ListClients']['result']]: Json<Queries['ListClients']['result'][Name]>;
};

/** A client that is not deleted. */
type ShownClient = Omit<StoredClient, 'status'> & Pick<ClientView, 'status'>;

/** A client at an earlier moment, with the backups that it had then. */
export type ClientAsItWas = ShownClient & Pick<ClientView, 'lastBackupAt'>;

const { available, reason, checkedAt, checkedMs } = availabilitySql;
/** What is shown of a client and does not stand in its own row. */
const besideRow = {
  available,
  reason,
  checked_at: checkedAt,
  ...copiesSql,
  last_backup_at:
    '(SELECT max(created_at) FROM backups WHERE backups.client_id = clients.id AND backups.whole = 1)',
};
/** When what was observed begins to say nothing any more depends on these. */
const moments = { checked_ms: checkedMs, images_checked_ms: imagesCheckedMsSql };
const columns = `
  clients.view, clients.slug, clients.server_id, clients.status, ${imageOutdatedSql} AS image_outdated,
  ${asColumns({ ...besideRow, ...moments })}`;
/** Without the view, which is most of what there is to read; the rest in one text, as it is only compared. */
const textColumns = `
  clients.id, clients.server_id, ${asColumns(moments)},
  json_array(${[observedImageSql, ...Object.values(besideRow)].join(', ')}) AS beside`;

/**
 * Finds and sorts the page by narrow columns first, and only then reads the views of its few rows.
 * CROSS JOIN is SQLite's way to fix that order; left to itself it walks all clients.
 */
const pageSql = (shown: string, condition: Condition, order: string): string => `
  SELECT ${shown}
  FROM (SELECT clients.rowid AS place FROM clients${condition.join}${condition.where}${order} LIMIT ? OFFSET ?) AS page
  CROSS JOIN clients ON clients.rowid = page.place${availabilityJoin}${observedImagesJoin}${order}`;

export const clientQueries = (options: {
  statements: Statements;
  counts: Remembered<number>;
  texts: ClientTexts;
  servers: ServerQueries;
  clock: Clock;
}): ClientQueries => {
  const { statements, counts, texts, servers, clock } = options;

  const total = (condition: Condition): number => {
    const count = () => {
      const sql = `SELECT count(*) AS total FROM clients${condition.join}${condition.where}`;
      return Number(statements.of(sql).get(...condition.values)?.['total']);
    };
    if (condition.readsObservations) return count();
    return counts.of(JSON.stringify([condition.where, ...condition.values]), count);
  };

  const pageOf = (
    shown: string,
    { page, sort, filter, includeServers }: ListClients,
    freshFromMs: number,
  ): Pick<Members, 'total' | 'servers'> & { rows: Record<string, unknown>[] } => {
    const condition = clientCondition(filter, freshFromMs);
    const sql = pageSql(shown, condition, clientOrder(sort));
    const rows = statements.of(sql).all(...condition.values, ...limitOf(page));
    return {
      rows,
      total: json(total(condition)),
      servers: jsonArray(includeServers ? serversOf(rows, servers) : []),
    };
  };

  const find = (id: string): Record<string, unknown> => {
    const row = statements
      .of(`SELECT ${columns} FROM clients${availabilityJoin}${observedImagesJoin} WHERE clients.id = ?`)
      .get(id);
    if (row === undefined) throw reject('not_found', message`There is no such client`);
    if (row['status'] === 'deleted') throw deletedClient();
    return row;
  };

  return {
    list(request) {
      const freshFromMs = clock().getTime() - availabilityFreshMs;
      const { rows, ...found } = pageOf(columns, request, freshFromMs);
      return jsonObject<Queries['ListClients']['result']>({
        items: jsonArray(rows.map((row) => clientView(row, freshFromMs, servers))),
        ...found,
      });
    },
    listTexts(request, language) {
      const freshFromMs = clock().getTime() - availabilityFreshMs;
      const { rows, ...found } = pageOf(textColumns, request, freshFromMs);
      const shown = rows.map((row) => {
        const id = String(row['id']);
        return texts.of(language, id, besideOf(row, freshFromMs, servers), () =>
          clientView(find(id), freshFromMs, servers),
        );
      });
      return {
        json: jsonObject<Queries['ListClients']['result']>({ items: '[]', ...found }),
        text: textOfArray(shown),
      };
    },
    get(id) {
      const row = find(id);
      const client = clientView(row, clock().getTime() - availabilityFreshMs, servers);
      return withServer(client, String(row['server_id']), servers);
    },
    asItWas(client) {
      const unknown = {
        imageOutdated: null,
        available: null,
        unavailableReason: null,
        availableCheckedAt: null,
      };
      const server = servers.stored(client.serverId);
      return withServer(
        withBound(statements, client, json({ ...client, ...unknown, ...byServer(client.slug, server) })),
        client.serverId,
        servers,
      );
    },
    creatingOperation: (id) => (JSON.parse(String(find(id)['view'])) as StoredClient).operationId,
  };
};

/** The servers of a page's clients, each once. */
const serversOf = (rows: readonly Record<string, unknown>[], servers: ServerQueries): Json<ServerView>[] =>
  [...new Set(rows.map((row) => String(row['server_id'])))]
    .map((id) => servers.find(id))
    .filter((server) => server !== null);

const withServer = (
  client: Json<ClientView>,
  serverId: string,
  servers: ServerQueries,
): Json<Queries['GetClient']['result']> => {
  const server: Json<ServerView | null> = servers.find(serverId) ?? 'null';
  return jsonExtended(client, jsonObject<{ server: ServerView | null }>({ server }));
};

/** Answers queries for a deleted client. Its history can still be read. */
export const deletedClient = (): Rejection => reject('gone', message`This client was deleted`);

const clientView = (
  row: Record<string, unknown>,
  freshFromMs: number,
  servers: ServerQueries,
): Json<ClientView> => {
  const stored: Json<ShownClient> = String(row['view']);
  const isFresh = isNotOlder(row['checked_ms'], freshFromMs);
  const isImageKnown =
    typeof row['image_outdated'] === 'number' && isNotOlder(row['images_checked_ms'], freshFromMs);
  const reason: Json<Pick<ClientView, 'unavailableReason'>> =
    isFresh && typeof row['reason'] === 'string' ? row['reason'] : noReason;
  const shown = jsonExtended(
    stored,
    json({
      imageOutdated: isImageKnown ? row['image_outdated'] === 1 : null,
      available: isFresh && typeof row['available'] === 'number' ? row['available'] === 1 : null,
      availableCheckedAt: textOrNull(row['checked_at']),
      lastBackupAt: textOrNull(row['last_backup_at']),
      ...byServer(String(row['slug']), servers.stored(String(row['server_id']))),
    }),
  );
  return jsonExtended(jsonExtended(shown, boundOf(row)), reason);
};

/** Everything that the text of a client depends on besides its row, as values that are equal where they say the same. */
const besideOf = (
  { checked_ms, images_checked_ms, beside, server_id }: Record<string, unknown>,
  freshFromMs: number,
  servers: ServerQueries,
): readonly unknown[] => [
  beside,
  isNotOlder(checked_ms, freshFromMs),
  isNotOlder(images_checked_ms, freshFromMs),
  ...valuesOf(servers.stored(String(server_id))),
];

type ShownServer = Pick<StoredServer, 'domain' | 'proxy' | 'limits'>;

/** All that a client shows of its server; that its own name stands in the address does not matter here. */
const valuesOf = (server: ShownServer | null): readonly unknown[] => {
  const { cloud, serverLimits } = byServer('', server);
  return [cloud, ...Object.values(serverLimits ?? {})];
};

const isNotOlder = (checkedMs: unknown, fromMs: number): boolean =>
  typeof checkedMs === 'number' && checkedMs >= fromMs;

/** What a client has from its server. */
const byServer = (slug: string, server: ShownServer | null): Pick<ClientView, 'cloud' | 'serverLimits'> => ({
  cloud: cloudAddress(slug, server),
  serverLimits: effectiveRequestLimits({}, server?.limits),
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
