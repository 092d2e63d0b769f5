import { Type, type Static } from 'typebox';
import { BackupKind, BackupWarning } from '../attributes/clients.ts';
import {
  CalendarDate,
  closed,
  Id,
  Instant,
  Limits,
  Locale,
  nullable,
  Sealed,
  Slug,
} from '../values/primitives.ts';
import { reasonFields } from '../words/reason.ts';
import { OperationKind } from './operation-kind.ts';

const byOperation = { clientId: Id, operationId: Id };

/** Names as they were then, for people who read the history. */
const betweenServers = {
  from: Id,
  fromName: Type.String(),
  to: Id,
  toName: Type.String(),
  holdUntil: Instant,
};

export const clientEvents = {
  ClientCreationRequested: closed({
    clientId: Id,
    operationId: Id,
    serverId: Id,
    slug: Slug,
    locale: Locale,
    expireDate: CalendarDate,
    image: Type.String(),
    limits: Limits,
    demo: Type.Boolean(),
    sendSuccess: Type.Boolean(),
    /** Absent: true. */
    expiryWarnings: Type.Optional(Type.Boolean()),
    /** Why Alfa Cloud has chosen this server. Absent: it was asked for. */
    placement: Type.Optional(closed(reasonFields)),
    /** The client that this one is a copy of; absent: of none. */
    sourceClientId: Type.Optional(Id),
    /** {@link PersonalData} as JSON, sealed with the client's key. */
    personal: Sealed,
    /** JSON `{ownerPassword, databasePassword, appKey}` sealed with the client's key. */
    secrets: Sealed,
  }),
  ClientCreated: closed({ clientId: Id, operationId: Id, image: Type.String(), imageId: Type.String() }),
  ClientCreationFailed: closed({ ...byOperation, code: Type.String(), ...reasonFields }),
  /** From here until the end another operation on this client is refused (`operation_in_progress`). */
  ClientOperationBegun: closed({
    ...byOperation,
    kind: OperationKind,
    /** A secret that the operation needs, sealed with the client's key; it becomes the client's only when the operation succeeds. */
    sealed: Type.Optional(Sealed),
  }),
  ClientOperationEnded: closed({
    ...byOperation,
    status: Type.Union([Type.Literal('ok'), Type.Literal('error'), Type.Literal('cancelled')]),
  }),
  /** The client may be used to the end of the day `to`. */
  ClientExpireDateChanged: closed({
    clientId: Id,
    operationId: Id,
    from: CalendarDate,
    to: CalendarDate,
    reason: Type.String(),
  }),
  ClientMaintenanceEnabled: closed({ ...byOperation, message: nullable(Type.String()) }),
  ClientMaintenanceDisabled: closed(byOperation),
  ClientDemoEnabled: closed(byOperation),
  ClientDemoDisabled: closed(byOperation),
  /** `secrets` as in ClientCreationRequested, whole, with the new password. */
  ClientOwnerPasswordChanged: closed({ ...byOperation, secrets: Sealed }),
  ClientUsersCounted: closed({ ...byOperation, users: Type.Integer({ minimum: 0 }) }),
  /** No longer written: says no more than that its operation ended well. */
  ClientRebooted: closed(byOperation),
  /** Attributes that are there have changed. `operationId`: what makes them true on the server; null when nothing needs to be. */
  ClientChanged: closed({
    clientId: Id,
    operationId: nullable(Id),
    /** {@link PersonalData}, whole, sealed with the client's key. */
    personal: Type.Optional(Sealed),
    /** Names of the personal attributes that differ from before, for people who read the history. */
    personalChanged: Type.Array(Type.String()),
    locale: Type.Optional(Locale),
    limits: Type.Optional(Limits),
    aliases: Type.Optional(Type.Array(Type.String())),
    /** Whether warnings of the end of use go to the client by themselves. */
    expiryWarnings: Type.Optional(Type.Boolean()),
  }),
  ClientCloudSettingsChanged: closed({
    ...byOperation,
    quickStart: Type.Optional(Type.Boolean()),
    tutorial: Type.Optional(Type.Boolean()),
  }),
  /** Settings in the client's database differed from what is recorded and were put right. */
  ClientCloudSettingsMended: closed({ clientId: Id, columns: Type.Array(Type.String()) }),
  /** The client's virtual host was gone, or somebody else had written in it, and was put back. */
  ClientVirtualHostMended: closed({
    clientId: Id,
    was: Type.Union([Type.Literal('missing'), Type.Literal('changed')]),
  }),
  /** The client runs from another image, in a container that this operation has made. */
  ClientImageSwitched: closed({
    ...byOperation,
    from: Type.String(),
    to: Type.String(),
    imageId: Type.String(),
    /** Docker's id of what it ran from before. Absent in older events: it is the one that was recorded before. */
    fromImageId: Type.Optional(Type.String()),
  }),
  /** The client runs from the same image in a container that this operation has made. */
  ClientContainerReplaced: closed({ ...byOperation, image: Type.String(), imageId: Type.String() }),
  /** No longer written: says no more than that its operation ended well. */
  ClientMigrated: closed(byOperation),
  /** Verified: readable, with these checksums (SHA-256, hex) and tables. Sizes in bytes. `storage` null: only the database. */
  ClientBackedUp: closed({
    ...byOperation,
    backupId: Id,
    kind: BackupKind,
    serverId: Id,
    image: Type.String(),
    database: closed({ bytes: Type.Integer(), sha256: Type.String(), tables: Type.Integer() }),
    storage: nullable(closed({ bytes: Type.Integer(), sha256: Type.String(), files: Type.Integer() })),
    /** What of the database does not work: only its text is in the dump. Absent: nothing, or nobody looked. */
    warnings: Type.Optional(Type.Array(BackupWarning)),
    /** Removed after this moment. */
    keepUntil: Instant,
  }),
  ClientBackupRemoved: closed({ clientId: Id, backupId: Id }),
  /** Its files lie on server `to` now, where an operation has needed it, perhaps another client's. */
  ClientBackupMoved: closed({
    clientId: Id,
    backupId: Id,
    operationId: Id,
    from: Id,
    to: Id,
    toName: Type.String(),
  }),
  ClientRestored: closed({
    ...byOperation,
    backupId: Id,
    /** Whose backup it was. */
    backupOf: Id,
    /** What could not be put back, or is back and does not work. Absent: nothing. */
    warnings: Type.Optional(Type.Array(BackupWarning)),
  }),
  /**
   * The client lives on server `to` from here on, in a container from image `imageId` that this operation has made. What it had on `from` stays
   * there, stopped, until `holdUntil`.
   */
  ClientMoved: closed({ ...byOperation, ...betweenServers, imageId: Type.String() }),
  /** The client lives on `to` again as move `moveId` has left it there; `from` keeps what it had since until `holdUntil`, and a backup of it. */
  ClientMoveUndone: closed({
    ...byOperation,
    ...betweenServers,
    moveId: Id,
    backupId: Id,
    /** What is true again. */
    image: Type.String(),
    imageId: Type.String(),
    previousImage: nullable(closed({ reference: Type.String(), id: Type.String() })),
    demo: Type.Boolean(),
  }),
  /** Nothing of the client is left on the server that it has left but backups. `moveId`: the move, or its undoing. */
  ClientMoveReleased: closed({ ...byOperation, moveId: Id, serverId: Id, serverName: Type.String() }),
  /** What the client held was copied into client `copyId` on that server, which was made for it or, `again`, refreshed. */
  ClientCopied: closed({ ...byOperation, copyId: Id, slug: Slug, serverId: Id, again: Type.Boolean() }),
  /** The copy holds what its source held, in a container from its image. */
  ClientRefreshed: closed({
    ...byOperation,
    sourceClientId: Id,
    image: Type.String(),
    imageId: Type.String(),
    demo: Type.Boolean(),
  }),
  /** Nothing of the client is left on its server but its final backup. Its key is destroyed right after. */
  ClientDeleted: closed(byOperation),
  /** What was observed has changed; null: nobody can tell, e.g. because the server is away. */
  ClientAvailabilityChanged: closed({
    clientId: Id,
    available: nullable(Type.Boolean()),
    /** E.g. "/healthz answered 503". */
    reason: nullable(reasonFields.reason),
    message: reasonFields.message,
    checkedAt: Instant,
  }),
};

export type ClientEvent = {
  [Name in keyof typeof clientEvents]: { type: Name; data: Static<(typeof clientEvents)[Name]> };
}[keyof typeof clientEvents];

export const reservationEvents = {
  NameReserved: closed({ scope: Type.String(), name: Type.String(), holderId: Id }),
  NameReleased: closed({ scope: Type.String(), name: Type.String(), holderId: Id }),
};

export type ReservationEvent = {
  [Name in keyof typeof reservationEvents]: { type: Name; data: Static<(typeof reservationEvents)[Name]> };
}[keyof typeof reservationEvents];
