import { Type, type Static } from 'typebox';
import { CalendarDate, closed, Id, Limits, Locale, Sealed, Slug } from '../primitives.ts';

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
