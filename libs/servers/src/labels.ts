import type { Labels } from '@alfa-cloud/cloud-server';

/** Labels of everything that Alfa Cloud makes on a server; clean-up touches only what carries them. */
export const label = {
  managed: 'cloud.alfa.managed',
  server: 'cloud.alfa.server',
  client: 'cloud.alfa.client',
  /** The operation that made the thing. */
  operation: 'cloud.alfa.operation',
  /** Digest of the plan by which a container was made. */
  plan: 'cloud.alfa.plan',
  /** On images: `client`, `database` or `proxy`. */
  imageKind: 'cloud.alfa.image',
  /** On containers of clients: the name under which the image was asked for, since they are made from its id. */
  imageReference: 'cloud.alfa.image.reference',
  imageVersion: 'org.opencontainers.image.version',
} as const;

/** Who made a thing, and for whom. */
export interface Origin {
  serverId: string;
  operationId: string;
  clientId?: string;
}

export const labelsOf = ({ serverId, operationId, clientId }: Origin): Record<string, string> => ({
  [label.managed]: 'true',
  [label.server]: serverId,
  [label.operation]: operationId,
  ...(clientId === undefined ? {} : { [label.client]: clientId }),
});

/** Owner tag of what can't carry labels: the comment of a client's database, the first line of its virtual host. */
export const clientOwnerTag = ({ id, operationId }: { id: string; operationId: string }): string =>
  `${label.client}=${id} ${label.operation}=${operationId}`;

/** True when the operation made the thing: only then may the operation take it away. */
export const isMadeBy = (origin: Origin, labels: Labels): boolean =>
  labels[label.managed] === 'true' && labels[label.operation] === origin.operationId;

/** True when the operation may take the thing over: it made it, or an earlier preparation of the same server did. */
export const mayTakeOver = (origin: Origin, labels: Labels): boolean =>
  isMadeBy(origin, labels) ||
  (origin.clientId === undefined &&
    labels[label.managed] === 'true' &&
    labels[label.server] === origin.serverId &&
    labels[label.client] === undefined);

/** An image without a kind counts as a client application; one of another kind does not. */
export const isClientImage = (labels: Labels): boolean => (labels[label.imageKind] ?? 'client') === 'client';

/** True when any operation of Alfa Cloud made the thing for the client: later operations on the client may use it. */
export const isForClient = (clientId: string, labels: Labels): boolean =>
  labels[label.managed] === 'true' && labels[label.client] === clientId;
