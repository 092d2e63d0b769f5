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

/** True when the operation made the thing: only then may the operation take it over or take it away. */
export const isMadeBy = (origin: Origin, labels: Labels): boolean =>
  labels[label.managed] === 'true' && labels[label.operation] === origin.operationId;

/** An image that says nothing about its kind may be a client application; one that says it is something else is none. */
export const isClientImage = (labels: Labels): boolean => (labels[label.imageKind] ?? 'client') === 'client';

/** True when Alfa Cloud made the thing for the client, whichever operation it was: then later operations on the client may use it. */
export const isForClient = (clientId: string, labels: Labels): boolean =>
  labels[label.managed] === 'true' && labels[label.client] === clientId;
