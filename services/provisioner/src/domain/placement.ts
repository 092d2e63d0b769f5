import {
  joined,
  message,
  messageTold,
  told,
  type Fault,
  type Message,
  type ServerRole,
} from '@alfa-cloud/contracts';
import type { RegisteredServer } from '@alfa-cloud/servers';

/** A server on which a client may be placed. */
export interface Candidate {
  server: Pick<RegisteredServer, 'id' | 'name' | 'capacity' | 'role'>;
  /** What speaks against it; null: nothing that is known. */
  objection: Fault | null;
  /** Places taken. */
  taken: number;
  /** False: the client's image would have to be brought there first. */
  hasImage: boolean;
  /** An alert about its disk or memory is raised: it is chosen only where no other can be. */
  isShort: boolean;
  /** By monitoring; null: not known. */
  memoryFreeBytes: number | null;
  diskFreeBytes: number | null;
}

export interface Choice {
  server: Candidate['server'];
  /** Why this one, for people. */
  reason: Message;
}

/**
 * One that has the client's image rather than one that has not; of those the server with the lowest share of places taken; among equals the one with the most free memory, then the most free disk space, then the
 * first by name. Null when something speaks against each.
 */
export const choosePlace = (candidates: readonly Candidate[]): Choice | null => {
  const open = candidates.filter(isOpen);
  const roomy = ratherThoseThat(open, ({ isShort }) => !isShort);
  const equipped = ratherThoseThat(roomy, ({ hasImage }) => hasImage);
  const choice = chooseAmong(equipped);
  if (choice === null) return null;
  const passedOver: Message[] = [];
  const short = open.length - roomy.length;
  if (short > 0) passedOver.push(message`short of memory or disk space: ${short}`);
  const bare = roomy.length - equipped.length;
  if (bare > 0) passedOver.push(message`without the image: ${bare}`);
  if (passedOver.length === 0) return choice;
  const reason = message`${choice.reason}; servers passed over, ${joined(passedOver, ', ')}`;
  return { ...choice, reason };
};

/**
 * Roles of the servers to which a client may go from one that is drained, the best first. What runs on a stage server comes to a production
 * server only where no stage server can take it, and a copy, whose data are of somebody else, never does.
 */
export const rolesAfterDrain = (from: ServerRole, isCopy: boolean): readonly ServerRole[] => {
  if (isCopy) return from === 'stage' ? ['stage'] : ['stage', from];
  return from === 'stage' ? ['stage', 'production'] : [from];
};

/** The best server of the first role that has one which can take the client. Null when none of them has. */
export const choosePlaceByRole = (
  candidates: readonly Candidate[],
  roles: readonly ServerRole[],
): Choice | null => {
  for (const role of roles) {
    const choice = choosePlace(candidates.filter(({ server }) => server.role === role));
    if (choice !== null) return { ...choice, reason: withRole(choice.reason, role, roles) };
  }
  return null;
};

const withRole = (
  reason: Message,
  role: ServerRole,
  [first = role, second]: readonly ServerRole[],
): Message => {
  if (role !== first) return message`${reason}; no server of role ${first} can take the client`;
  if (second !== undefined)
    return message`${reason}; servers of role ${role} come before those of role ${second}`;
  return role === 'stage' ? message`${reason}; a copy goes to servers of role stage alone` : reason;
};

/** All of them where it holds for none. */
const ratherThoseThat = (
  candidates: readonly Candidate[],
  is: (candidate: Candidate) => boolean,
): readonly Candidate[] => {
  const wanted = candidates.filter(is);
  return wanted.length > 0 ? wanted : candidates;
};

const isOpen = ({ objection, taken, server }: Candidate): boolean =>
  objection === null && taken < server.capacity.clients;

const shareOf = ({ taken, server }: Candidate): number => taken / server.capacity.clients;

const chooseAmong = (open: readonly Candidate[]): Choice | null => {
  const lowest = Math.min(...open.map(shareOf));
  const equals = open.filter((candidate) => shareOf(candidate) === lowest).toSorted(byName);
  const [first] = equals;
  if (first === undefined) return null;
  const { name, capacity } = first.server;
  if (open.length === 1) {
    const reason = message`${name} is the only server that can take the client; places taken there: ${first.taken} of ${capacity.clients}`;
    return { server: first.server, reason };
  }
  if (equals.length === 1) {
    const reason = message`${name} has the lowest share of places taken, ${first.taken} of ${capacity.clients}, among ${open.length} servers`;
    return { server: first.server, reason };
  }
  return amongEquals(equals, first);
};

const amongEquals = (equals: readonly Candidate[], first: Candidate): Choice => {
  const withMemory = mostOf(equals, ({ memoryFreeBytes }) => memoryFreeBytes);
  const withDisk = mostOf(equals, ({ diskFreeBytes }) => diskFreeBytes);
  const chosen = withMemory ?? withDisk ?? first;
  const { name, capacity } = chosen.server;
  const among = message`${equals.length} servers have the lowest share of places taken, ${name} with ${chosen.taken} of ${capacity.clients}`;
  const reason =
    withMemory !== null
      ? message`${among}; it has the most free memory of them`
      : withDisk !== null
        ? message`${among}; it has the most free disk space of them`
        : message`${among}; it is the first of them by name`;
  return { server: chosen.server, reason };
};

/** The one with more than any other; null where it is not known of all of them, or two have the same. */
const mostOf = (
  equals: readonly Candidate[],
  valueOf: (candidate: Candidate) => number | null,
): Candidate | null => {
  const known = equals.flatMap((candidate) => {
    const value = valueOf(candidate);
    return value === null ? [] : [{ candidate, value }];
  });
  if (known.length < equals.length) return null;
  const [most, next] = known.toSorted((a, b) => b.value - a.value);
  return most === undefined || most.value === next?.value ? null : most.candidate;
};

const byName = (a: Candidate, b: Candidate): number => (a.server.name < b.server.name ? -1 : 1);

/** Servers whose obstacles are told. */
const toldMax = 20;

/**
 * Nobody can take the client: what speaks against each server.
 * @param roles of which servers were looked for
 */
export const noServerFits = (
  candidates: readonly Candidate[],
  roles: readonly ServerRole[] = ['production'],
): Fault => {
  if (candidates.length === 0) {
    const among = roles.join(', ');
    return { code: 'no_server_fits', ...told(message`There is no other server of role ${among}`) };
  }
  const named = candidates.toSorted(byName).slice(0, toldMax);
  const lines = named.map(({ server, objection }): Message => ({
    template: '{}: {}',
    values: [server.name, objection === null ? message`it has no place left` : messageTold(objection)],
  }));
  const all = joined(lines, '; ');
  const rest = candidates.length - named.length;
  const detail =
    rest > 0
      ? message`No server can take the client. ${all}; and ${rest} more`
      : message`No server can take the client. ${all}`;
  return {
    code: 'no_server_fits',
    ...told(detail),
    meta: {
      servers: named.map(({ server, objection }) => ({
        serverId: server.id,
        name: server.name,
        code: objection?.code ?? 'server_full',
      })),
    },
  };
};
