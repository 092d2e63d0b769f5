/**
 * Version of the tables and of what the projections write into them. Raise it with every change of either:
 * read models of another version are thrown away and built anew from the events.
 */
export const schemaVersion = 22;

/**
 * `view` holds what a query answers, as JSON; the other columns are what lists are filtered, sorted and searched by.
 * A table whose key is the position of an event keeps its rows, and those of each index value, in the order of the events.
 * The log is kept by the numbers of operations, not by their ids: what is written at the same time then lies together, which halves the cost of a rebuild.
 * Nothing here may depend on anything but the events in their order: a rebuild gives the same rows.
 */
export const schema = `
  CREATE TABLE servers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    health TEXT,
    view TEXT NOT NULL
  ) STRICT;

  CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    server_id TEXT NOT NULL,
    held_server_id TEXT,
    copy_of TEXT,
    slug TEXT NOT NULL,
    name TEXT,
    status TEXT NOT NULL,
    image TEXT NOT NULL,
    expire_date TEXT NOT NULL,
    created_at TEXT NOT NULL,
    search TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX clients_by_server ON clients (server_id, status) WHERE deleted = 0;
  CREATE INDEX clients_held ON clients (held_server_id) WHERE deleted = 0 AND held_server_id IS NOT NULL;
  CREATE INDEX clients_by_source ON clients (copy_of) WHERE deleted = 0 AND copy_of IS NOT NULL;
  CREATE INDEX clients_by_slug ON clients (slug, id) WHERE deleted = 0;
  CREATE INDEX clients_by_name ON clients (name, id) WHERE deleted = 0;
  CREATE INDEX clients_by_status ON clients (status, id) WHERE deleted = 0;
  CREATE INDEX clients_by_image ON clients (image) WHERE deleted = 0;
  CREATE INDEX clients_by_expiry ON clients (expire_date, id) WHERE deleted = 0;
  CREATE INDEX clients_by_creation ON clients (created_at, id) WHERE deleted = 0;

  CREATE TABLE availability (
    client_id TEXT NOT NULL PRIMARY KEY,
    available INTEGER,
    reason TEXT,
    checked_at TEXT NOT NULL,
    checked_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE backups (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    created_at TEXT NOT NULL,
    removed INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX backups_by_client ON backups (client_id, number);
  CREATE INDEX backups_present ON backups (number) WHERE removed = 0;
  CREATE INDEX backups_by_expiry ON backups (keep_until) WHERE removed = 0;
  CREATE INDEX backups_whole ON backups (client_id, created_at) WHERE whole = 1;

  CREATE TABLE alerts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    server_id TEXT,
    code TEXT NOT NULL,
    cleared_at TEXT,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_open ON alerts (number) WHERE cleared_at IS NULL;
  CREATE INDEX alerts_by_server ON alerts (server_id, number);

  CREATE TABLE mails (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    template TEXT NOT NULL,
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    due_at TEXT,
    wanted INTEGER NOT NULL,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mails_by_client ON mails (client_id, number);
  CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE notices (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    recipient_id TEXT NOT NULL,
    status TEXT NOT NULL,
    due_at TEXT,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notices_by_recipient ON notices (recipient_id, number);
  CREATE INDEX notices_due ON notices (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE builds (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    commit_sha TEXT,
    made_image TEXT,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX builds_made ON builds (number) WHERE made_image IS NOT NULL;

  CREATE TABLE operations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT,
    parent_id TEXT,
    duration_ms INTEGER,
    plan TEXT,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX operations_by_status ON operations (status, number);
  CREATE INDEX operations_by_kind ON operations (kind, number);
  CREATE INDEX operations_by_target ON operations (target_id, number);
  CREATE INDEX operations_by_parent ON operations (parent_id, number) WHERE parent_id IS NOT NULL;
  CREATE INDEX operations_by_parent_and_status ON operations (parent_id, status, number, duration_ms)
    WHERE parent_id IS NOT NULL;

  CREATE TABLE planned_children (
    operation_id TEXT NOT NULL PRIMARY KEY,
    parent_id TEXT NOT NULL,
    client_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE operation_log (
    operation_number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    step TEXT,
    level TEXT NOT NULL,
    messages TEXT NOT NULL,
    PRIMARY KEY (operation_number, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE expire_date_changes (
    position INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX expire_date_changes_by_client ON expire_date_changes (client_id);

  CREATE TABLE history (
    position INTEGER PRIMARY KEY,
    target_type TEXT NOT NULL,
    target_id TEXT,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    operation_id TEXT,
    is_part INTEGER NOT NULL,
    reason TEXT,
    view TEXT NOT NULL
  ) STRICT;
  CREATE INDEX history_entries ON history (target_type, target_id) WHERE is_part = 0;
  CREATE INDEX history_by_target ON history (target_type, target_id);
  CREATE INDEX history_by_actor ON history (actor);
  CREATE INDEX history_by_kind ON history (kind);
  CREATE INDEX history_by_time ON history (at);
  CREATE INDEX history_by_operation ON history (operation_id);

  CREATE TABLE checkpoint (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    position TEXT NOT NULL,
    event_id TEXT NOT NULL,
    origin TEXT NOT NULL
  ) STRICT;

  CREATE TABLE changes (
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    client_id TEXT,
    server_id TEXT,
    removed INTEGER NOT NULL,
    PRIMARY KEY (type, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX changes_by_position ON changes (position);
`;

/** What is observed between two events: kept beside the read models in memory, joined to them in queries, gone with the process. */
export const observationsSchema = `
  CREATE TEMP TABLE observations (
    client_id TEXT NOT NULL PRIMARY KEY,
    available INTEGER,
    checked_at TEXT NOT NULL,
    checked_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TEMP TABLE observed_images (
    server_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    image_id TEXT,
    checked_ms INTEGER NOT NULL,
    PRIMARY KEY (server_id, reference)
  ) STRICT, WITHOUT ROWID;
`;
