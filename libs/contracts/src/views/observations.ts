import { Type, type Static } from 'typebox';
import { Instant } from '../values/primitives.ts';
import { RecordedHealth } from '../events/servers.ts';

const ofServer = { serverId: Type.String(), checkedAt: Instant };

/** Published on {@link subjects.availability} by the provisioner after each look at a server's clients. */
export const AvailabilityObservation = Type.Object({
  ...ofServer,
  clients: Type.Array(
    Type.Object({ id: Type.String(), available: Type.Union([Type.Boolean(), Type.Null()]) }),
  ),
});
export type AvailabilityObservation = Static<typeof AvailabilityObservation>;

/** Published on {@link subjects.imagesOnServer} by the provisioner: what the images of a server's clients mean there now. */
export const ImagesObservation = Type.Object({
  ...ofServer,
  images: Type.Array(
    Type.Object({
      reference: Type.String(),
      /** Null: there is no such image. */
      id: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
export type ImagesObservation = Static<typeof ImagesObservation>;

/** Published on {@link subjects.serverImages} by the provisioner: all images of the client application on a server. */
export const ServerImagesObservation = Type.Object({
  ...ofServer,
  images: Type.Array(
    Type.Object({
      id: Type.String(),
      references: Type.Array(Type.String()),
      version: Type.Union([Type.String(), Type.Null()]),
      sizeBytes: Type.Number(),
      createdAt: Instant,
    }),
  ),
});
export type ServerImagesObservation = Static<typeof ServerImagesObservation>;

/** Published on {@link subjects.serverHealth} by the provisioner after each comparison of a server. */
export const HealthObservation = Type.Object({ ...ofServer, health: RecordedHealth });
export type HealthObservation = Static<typeof HealthObservation>;
