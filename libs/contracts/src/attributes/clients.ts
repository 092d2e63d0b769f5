import { Type, type Static } from 'typebox';
import {
  CalendarDate,
  closed,
  DomainName,
  Email,
  HostName,
  Id,
  ImageReference,
  Limits,
  line,
  lines,
  Locale,
  nullable,
  passwordText,
  patterned,
  Sealed,
  Slug,
  WrittenEmail,
} from '../values/primitives.ts';

/** Whatever an e-mail address is written with may be one. */
const Login = patterned(
  "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]+$",
  'must be Latin letters, digits and characters of e-mail addresses, no blanks, like "o\'brien@lab.example.org"',
  { minLength: 1, maxLength: 100 },
);
const Password = passwordText({ minLength: 8, maxLength: 200 });
const Notes = Type.String({ maxLength: 10_000 });

const PartialLimits = Type.Partial(Limits, { additionalProperties: false });

/** Null: no longer a limit of its own, but the server's. */
const LimitChanges = closed({
  ...PartialLimits.properties,
  uploadMb: Type.Optional(nullable(Limits.properties.uploadMb)),
  requestTimeoutS: Type.Optional(nullable(Limits.properties.requestTimeoutS)),
});

/**
 * Attributes of `POST /clients/create`. Defaults: locale ru, ownerLogin = email, ownerPassword made by the system,
 * limits 512 MiB / 1 CPU / 256 processes and of requests those of the server, demo false, sendSuccess false, expiryWarnings true, notes empty.
 */
export const ClientAttributes = closed({
  name: line(200),
  slug: Slug,
  email: WrittenEmail,
  locale: Type.Optional(Locale),
  ownerLogin: Type.Optional(Login),
  ownerPassword: Type.Optional(Password),
  expireDate: CalendarDate,
  image: ImageReference,
  limits: Type.Optional(PartialLimits),
  notes: Type.Optional(Notes),
  demo: Type.Optional(Type.Boolean()),
  sendSuccess: Type.Optional(Type.Boolean()),
  /** False: no warning of the end of use goes to the client by itself. */
  expiryWarnings: Type.Optional(Type.Boolean()),
});
export type ClientAttributes = Static<typeof ClientAttributes>;

/** Personal data of a client: sealed with the client's key wherever it is stored for good, unreadable once that key is destroyed. */
export const PersonalData = closed({ name: line(200), email: Email, ownerLogin: Login, notes: Notes });
export type PersonalData = Static<typeof PersonalData>;

/** Create a client. Ids in the reply: `clientId`, `serverId`, `operationId`. */
export const CreateClient = closed({
  clientId: Id,
  /** Absent: one is chosen. */
  serverId: Type.Optional(Id),
  slug: Slug,
  locale: Locale,
  expireDate: CalendarDate,
  image: ImageReference,
  limits: Limits,
  demo: Type.Boolean(),
  sendSuccess: Type.Boolean(),
  /** Absent: true. */
  expiryWarnings: Type.Optional(Type.Boolean()),
  /** {@link PersonalData} as JSON, sealed with the transport key. */
  personal: Sealed,
  /** The owner's password sealed with the transport key; absent = one is made. */
  ownerPassword: Type.Optional(Sealed),
});
export type CreateClient = Static<typeof CreateClient>;

/** Attributes of `PUT /clients/{id}/expire_date`. A date that has passed needs `confirm: true`. */
export const ExpireDateAttributes = closed({
  expireDate: CalendarDate,
  reason: line(500),
  confirm: Type.Optional(Type.Boolean()),
});
export type ExpireDateAttributes = Static<typeof ExpireDateAttributes>;

/** Attributes of `POST /clients/{id}/maintain_enable`; the message is shown on the maintenance page, line by line. */
export const MaintenanceAttributes = closed({ message: Type.Optional(lines(500)) });
export type MaintenanceAttributes = Static<typeof MaintenanceAttributes>;

/** Attributes of `POST /clients/owner_password`. */
export const OwnerPasswordAttributes = closed({ password: Password });
export type OwnerPasswordAttributes = Static<typeof OwnerPasswordAttributes>;

const aliasesOf = (name: typeof HostName) => Type.Array(name, { maxItems: 20, uniqueItems: true });

/**
 * Attributes of `PUT/PATCH /clients/{id}`; what is absent stays as it is. Name, locale, limits and aliases need the client's configuration made
 * anew; name, locale and limits of the container a new container as well.
 */
export const ClientChanges = closed({
  name: Type.Optional(line(200)),
  email: Type.Optional(WrittenEmail),
  notes: Type.Optional(Notes),
  locale: Type.Optional(Locale),
  limits: Type.Optional(LimitChanges),
  /** Further DNS names under which the client's cloud answers; the whole list. */
  aliases: Type.Optional(aliasesOf(HostName)),
  /** False: no warning of the end of use goes to the client by itself. */
  expiryWarnings: Type.Optional(Type.Boolean()),
});
export type ClientChanges = Static<typeof ClientChanges>;

/** The personal part of {@link ClientChanges}, sealed on its way. */
export const PersonalChanges = closed({
  name: ClientChanges.properties.name,
  email: Type.Optional(Email),
  notes: ClientChanges.properties.notes,
});
export type PersonalChanges = Static<typeof PersonalChanges>;

/** Change a client's attributes. Ids in the reply: `clientId`, and `operationId` when something has to be made true on the server. */
export const ChangeClient = closed({
  clientId: Id,
  /** {@link PersonalChanges} as JSON, sealed with the transport key. */
  personal: Type.Optional(Sealed),
  locale: ClientChanges.properties.locale,
  limits: ClientChanges.properties.limits,
  aliases: Type.Optional(aliasesOf(DomainName)),
  expiryWarnings: ClientChanges.properties.expiryWarnings,
});
export type ChangeClient = Static<typeof ChangeClient>;

/** Attributes of `PATCH /clients/{id}/settings`: those that are set nowhere else. */
export const CloudSettingsChanges = closed({
  /** Show the quick start when the application is opened. */
  quickStart: Type.Optional(Type.Boolean()),
  /** Show the short tutorial. */
  tutorial: Type.Optional(Type.Boolean()),
});
export type CloudSettingsChanges = Static<typeof CloudSettingsChanges>;

/** True: no backup of the present state is made first, so nothing can be put back when the operation fails. Default false. */
export const withoutBackup = Type.Optional(Type.Boolean());

/** Attributes of `POST /clients/{id}/restore`. All that the client has entered since the backup is lost, hence `confirm: true`. */
export const RestoreAttributes = closed({
  backupId: Id,
  confirm: Type.Optional(Type.Boolean()),
  withoutBackup,
});
export type RestoreAttributes = Static<typeof RestoreAttributes>;

/** Clients that one request can name. */
const namedMax = 100;
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** One client, or several. */
export const ClientIds = patterned(
  `^${uuid}(?:,${uuid}){0,${namedMax - 1}}$`,
  'must be an id in lower case, or up to 100 with commas between, like "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"',
);

/**
 * What a backup is made for. `migration` and `restore`: before these operations, for the way back. `move`: before a move is
 * taken back. `final`: before a deletion.
 */
export const BackupKind = Type.Union([
  Type.Literal('manual'),
  Type.Literal('scheduled'),
  Type.Literal('migration'),
  Type.Literal('restore'),
  Type.Literal('final'),
  Type.Literal('move'),
]);
export type BackupKind = Static<typeof BackupKind>;

/** Something in a database that does not work, e.g. a view whose table is gone: left out of a dump, or not put back. */
export const BackupWarning = closed({
  /** `view`, `trigger`, `procedure`, `function`, `package`, `package body`, `event`, `sequence`; `object` for "n more". */
  kind: Type.String(),
  name: Type.String(),
  /** What the database says. */
  reason: Type.String(),
});
export type BackupWarning = Static<typeof BackupWarning>;
