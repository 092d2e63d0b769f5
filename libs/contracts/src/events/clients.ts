import { Type, type Static } from 'typebox';
import { CalendarDate, closed, Id, Limits, Locale, nullable, Sealed, Slug } from '../primitives.ts';
import { OperationKind } from './operation-kind.ts';

const byOperation = { clientId: Id, operationId: Id };

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
    /** {@link PersonalData} as JSON, sealed with the client's key. */
    personal: Sealed,
    /** JSON `{ownerPassword, databasePassword, appKey}` sealed with the client's key. */
    secrets: Sealed,
  }),
  ClientCreated: closed({ clientId: Id, operationId: Id, image: Type.String(), imageId: Type.String() }),
  ClientCreationFailed: closed({ clientId: Id, operationId: Id, code: Type.String(), reason: Type.String() }),
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
  ClientRebooted: closed(byOperation),
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
