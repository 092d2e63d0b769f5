import { Type } from 'typebox';
import type { BackupKind } from '../attributes/clients.ts';
import { count, day, flag, listOf, moment, orNull, part, text } from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';

const ofClient = { client: { to: 'clients', description: 'The client.' } } as const;

export const expireDateChangeResource = defineResource({
  type: 'expire-date-changes',
  title: { en: 'Change of the last day of use', ru: 'Изменение последнего дня использования' },
  description: "One extension or shortening of a client's time. It has the id of its event.",
  attributes: {
    from: day('Last day of use before.'),
    to: day('Last day of use from then on.'),
    reason: text('Why, as it was written.', 'Invoice 2027-114 is paid'),
    actor: text('Login of who changed it.', 'admin'),
    at: moment('When it was changed.'),
  },
  relationships: ofClient,
});

/** One extension or shortening of a client's time. `id`: of the event. */
export type ExpireDateChange = AttributesOf<typeof expireDateChangeResource> & { id: string };

const sha256 = text(
  'SHA-256 of it, hex.',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
);

export const backupResource = defineResource({
  type: 'backups',
  title: { en: 'Backup', ru: 'Резервная копия' },
  description:
    "A copy of a client's database and storage that was verified when it was made, kept on its server until a date.",
  attributes: {
    kind: Type.Unsafe<BackupKind>({
      type: 'string',
      enum: ['manual', 'scheduled', 'migration', 'restore', 'final', 'move'],
      description:
        'What it was made for. `migration` and `restore`: before these operations. `move`: before a move was taken back. `final`: before the deletion.',
      examples: ['scheduled'],
    }),
    image: text('Image that the client ran from, by name.', 'alfa-client:1.4.0'),
    createdAt: moment('When it was made.'),
    keepUntil: moment('When it is removed.', '2026-12-06T18:00:00.000Z'),
    removedAt: orNull(moment('When it was removed; null while it is there.')),
    database: part(
      { bytes: count('Size of the dump, bytes.', 1_048_576), sha256, tables: count('Tables in it.', 42) },
      'The database.',
    ),
    storage: orNull(
      part(
        {
          bytes: count('Size of the archive, bytes.', 209_715_200),
          sha256,
          files: count('Files in it.', 4120),
        },
        'The storage; null: only the database was backed up.',
      ),
    ),
    warnings: listOf(
      part(
        {
          kind: text('What it is: `view`, `trigger`, `procedure`, …; `object` for "n more".', 'view'),
          name: text('Its name.', 'orders_open'),
          reason: text('What the database says.', "Table 'alfa_lab-one.orders' doesn't exist"),
        },
        'Something in the database that does not work.',
      ),
      'What of the database does not work: only its text is in the dump.',
    ),
  },
  relationships: {
    ...ofClient,
    server: { to: 'servers', description: 'Where it lies.' },
    operation: { to: 'operations', description: 'The operation that has made it.' },
  },
});

/** A backup that was verified when it was made. Sizes in bytes, checksums SHA-256 in hex. */
export interface BackupView extends AttributesOf<typeof backupResource> {
  id: string;
  clientId: string;
  serverId: string;
  operationId: string;
}

export const cloudSettingsResource = defineResource({
  type: 'cloud-settings',
  title: { en: 'Cloud settings', ru: 'Настройки облака' },
  description:
    "The row of the table `cloud_settings` in the client's database, which its application reads. It has the id of the client.",
  attributes: {
    maintenance: flag('Whether the maintenance page is shown.'),
    maintenanceMessage: orNull(text('What it tells; null: nothing of its own.', 'Back at 18:00')),
    expiresAt: orNull(moment('Last second of use; null: not set.', '2027-12-31T20:59:59.000Z')),
    quickStart: flag('Whether the quick start is shown.', true),
    tutorial: flag('Whether the short tutorial is shown.', true),
    updatedAt: moment('When the row changed last.'),
    drift: listOf(
      text('Name of the column.', 'tutorial'),
      'Columns that differ from what is recorded; put right within a minute.',
    ),
  },
  relationships: ofClient,
  links: { self: 'The settings.' },
});

/** The row of table `cloud_settings` in the client's database. */
export type CloudSettingsView = AttributesOf<typeof cloudSettingsResource>;

export const containerLogResource = defineResource({
  type: 'container-logs',
  title: { en: 'Output of a container', ru: 'Вывод контейнера' },
  description:
    "What a client's container has written, without the client's secrets and personal data. It has the id of the client.",
  attributes: {
    lines: listOf(
      part(
        {
          at: moment('When it was written, to the nanosecond.', '2026-11-22T18:00:00.123456789Z'),
          text: text('The line.', 'Listening on port 8000'),
        },
        'One line.',
      ),
      'The lines, the oldest first.',
    ),
  },
  relationships: ofClient,
  links: { self: 'The output.' },
});

/** Lines of a container's output, oldest first, without the client's secrets and personal data. */
export interface ContainerLogView extends AttributesOf<typeof containerLogResource> {
  /** Ask with it for what comes after; null when there was no line at all. */
  cursor: string | null;
}

export const usersCountResource = defineResource({
  type: 'users-counts',
  title: { en: 'Number of users', ru: 'Число пользователей' },
  description: "Users in a client's system. It has the id of the client.",
  attributes: { users: count('Users.', 12), countedAt: moment('When they were counted.') },
  relationships: ofClient,
  links: { self: 'The number.' },
});
