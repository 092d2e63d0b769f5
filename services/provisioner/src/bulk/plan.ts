import {
  defaultPace,
  type Fault,
  message,
  messageTold,
  type Reason,
  reasonOf,
  type BulkPlanView,
  type BulkRequest,
  type FaultCode,
  type Message,
} from '@alfa-cloud/contracts';
import { imageInWords } from '@alfa-cloud/servers';
import type { ClientState } from '../domain/client.ts';

/** A client that the operation may be about, as its events say it. */
export interface Candidate {
  clientId: string;
  state: ClientState;
}

/**
 * What the image that is wanted is on a server, or will be once it is brought there: Docker's id; `in registry`: only its registry knows;
 * `absent`: it can't be had; `unknown`: the server could not be asked.
 */
export type ImageOnServer = { id: string } | 'in registry' | 'absent' | 'unknown';

/** Everything that a plan is decided on. */
export interface PlanFacts {
  candidates: readonly Candidate[];
  /** Servers that do not answer now, and why. */
  away: ReadonlyMap<string, Message>;
  /** By server; empty when the operation is about no image. */
  images: ReadonlyMap<string, ImageOnServer>;
  /** Is the server that the operation is limited to known? True when it is limited to none. */
  serverIsKnown: boolean;
  /** Why the server to which the clients shall move takes none; absent when it does, or when they stay where they are. */
  targetFaults?: readonly Fault[];
}

/** The server to which the clients shall move; null when they stay where they are. */
export const targetServerOf = ({ data }: BulkRequest): string | null =>
  'targetServer' in data ? data.targetServer : null;

/** The image that the clients shall run from; null when the operation is about no image. */
export const targetImageOf = ({ data }: BulkRequest): string | null =>
  'targetImage' in data ? data.targetImage : null;

/**
 * Decides which clients an operation over many takes, in which order, and who is left out and why.
 * The servers take turns, so that none bears a whole wave while the others idle; within one, clients come in the order of their slugs. Clients
 * of servers that are away come last: their failures stop nobody else, and a server that is back by then is worked on.
 */
export const planOf = (request: BulkRequest, facts: PlanFacts): BulkPlanView => {
  const { data } = request;
  const all = facts.candidates.map((candidate) => ({
    candidate,
    objection: objectionTo(request, candidate, facts),
  }));
  const wanted = all.flatMap(({ candidate, objection }) => (objection === null ? listed(candidate) : []));
  const isAway = ({ serverId }: Listed) => facts.away.has(serverId);
  const reachable = inTurns(wanted.filter((client) => !isAway(client)));
  const clients = [...reachable, ...inTurns(wanted.filter(isAway))];
  const skipped = all
    .flatMap(({ candidate: { clientId, state }, objection }) =>
      objection === null ? [] : [{ clientId, slug: slugOf(state), ...objection }],
    )
    .toSorted(bySlug);
  const { canary, waveSize, stopAfter } = { ...defaultPace, ...withoutAbsent(data) };
  return {
    clients,
    total: clients.length,
    skipped,
    skippedTotal: skipped.length,
    obstacles: obstaclesTo(request, facts),
    awayServers: [...facts.away].map(([serverId, why]) => ({
      serverId,
      ...obstacle('server_unreachable', why),
    })),
    // A server that is known to be away is no test of anything.
    canary: Math.min(canary, reachable.length === 0 ? clients.length : reachable.length),
    waveSize,
    stopAfter,
  };
};

const objectionTo = (
  request: BulkRequest,
  { state }: Candidate,
  { images }: Pick<PlanFacts, 'images'>,
): Reason | null => {
  if (state.status !== 'active') {
    return obstacle('client_not_active', message`The client is ${state.status}`);
  }
  const { unresolvedFailure, client, imageId } = state;
  // Whoever names clients means them, in particular those that have failed before.
  if (unresolvedFailure !== null && request.data.clientIds === undefined) {
    const { kind, operationId } = unresolvedFailure;
    return obstacle(
      'unresolved_failure',
      message`Its last operation ${kind} (${operationId}) has failed, and none of the kind went well since`,
    );
  }
  const target = targetServerOf(request);
  if (target === client.serverId) {
    return obstacle('already_there', message`The client lives on this server already`);
  }
  if (target !== null && state.held !== null) {
    return obstacle(
      'move_held',
      message`The server that the client has left keeps it until ${state.held.until}`,
    );
  }
  const image = targetImageOf(request);
  if (image === null) return null;
  const found = images.get(client.serverId);
  // Nobody knows whether the name means another image there: its own operation finds out, or says that the server is away.
  if (found === 'unknown') return null;
  const id = typeof found === 'object' ? found.id : imageId;
  if (client.image === image && imageId === id) {
    return obstacle('image_in_use', message`The client runs from ${imageInWords(image, id)} already`);
  }
  return found === 'absent'
    ? obstacle(
        'image_not_on_server',
        message`Image ${image} is neither on the client's server nor on another one`,
      )
    : null;
};

const obstaclesTo = (
  request: BulkRequest,
  { images, serverIsKnown, targetFaults = [] }: Pick<PlanFacts, 'images' | 'serverIsKnown' | 'targetFaults'>,
): BulkPlanView['obstacles'] => {
  if (targetFaults.length > 0) {
    return targetFaults.map((fault) => ({ code: fault.code, ...reasonOf(messageTold(fault)) }));
  }
  if (!serverIsKnown) {
    return [obstacle('server_unknown', message`Server ${request.data.serverId ?? ''} does not exist`)];
  }
  const image = targetImageOf(request);
  const standings = [...images.values()];
  if (image === null || standings.length === 0) return [];
  if (standings.every((found) => found === 'unknown')) {
    const unknown = message`No server could be asked whether it has image ${image}`;
    return [obstacle('server_unreachable', unknown)];
  }
  return standings.some((found) => typeof found === 'object' || found === 'in registry')
    ? []
    : [
        obstacle(
          'image_not_on_server',
          message`Image ${image} is on none of the servers, or is no client image`,
        ),
      ];
};

const obstacle = (code: FaultCode | 'unresolved_failure', why: Message): Reason => ({
  code,
  ...reasonOf(why),
});

type Listed = BulkPlanView['clients'][number];

const listed = ({ clientId, state }: Candidate): Listed[] =>
  state.status === 'absent' ? [] : [{ clientId, slug: state.client.slug, serverId: state.client.serverId }];

const slugOf = (state: ClientState): string => (state.status === 'absent' ? '' : state.client.slug);

const bySlug = (a: { slug: string }, b: { slug: string }): number => (a.slug < b.slug ? -1 : 1);

const inTurns = (clients: readonly Listed[]): Listed[] => {
  const queues = [...Map.groupBy(clients, ({ serverId }) => serverId).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, ofServer]) => ofServer.toSorted(bySlug));
  const rounds = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => queues.flatMap((queue) => queue[round] ?? [])).flat();
};

const withoutAbsent = ({
  canary,
  waveSize,
  stopAfter,
}: BulkRequest['data']): Partial<Record<'canary' | 'waveSize' | 'stopAfter', number>> => ({
  ...(canary === undefined ? {} : { canary }),
  ...(waveSize === undefined ? {} : { waveSize }),
  ...(stopAfter === undefined ? {} : { stopAfter }),
});
