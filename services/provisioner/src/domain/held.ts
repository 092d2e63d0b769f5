import { message, reject, type ClientEvent, type ImageIdentity } from '@alfa-cloud/contracts';

/** What the server that a client has left keeps of it, stopped. */
export interface Held {
  serverId: string;
  /** RFC 3339; then it is removed. */
  until: string;
  /** The move that it comes from, or the undoing of one. */
  operationId: string;
  /** What is true again when the move is taken back; null when there is no way back. */
  before: BeforeMove | null;
}

/** What of a client belongs to the container and the data that were left behind. */
export interface BeforeMove {
  image: string;
  imageId: string;
  previousImage: ImageIdentity | null;
  containerOperationId: string;
  demo: 'present' | 'absent' | 'unclear';
  /** The owner's password is in the database, and its record has to fit. */
  secrets: string;
}

/** What of a client a move changes. */
interface Movable extends Omit<BeforeMove, 'image' | 'secrets'> {
  client: { serverId: string; image: string; secrets: string };
  held: Held | null;
}

type Moved = Extract<ClientEvent, { type: 'ClientMoved' }>['data'];
type Undone = Extract<ClientEvent, { type: 'ClientMoveUndone' }>['data'];

/** The client on the other server, in the container of the move. */
export const movedClient = <State extends Movable>(
  state: State,
  { operationId, from, to, imageId, holdUntil }: Moved,
): State => ({
  ...state,
  client: { ...state.client, serverId: to },
  imageId,
  containerOperationId: operationId,
  held: { serverId: from, until: holdUntil, operationId, before: beforeMove(state) },
});

const beforeMove = (state: Movable): BeforeMove => ({
  image: state.client.image,
  imageId: state.imageId,
  previousImage: state.previousImage,
  containerOperationId: state.containerOperationId,
  demo: state.demo,
  secrets: state.client.secrets,
});

/** The client where it was before the move, as it was there. */
export const movedBackClient = <State extends Movable>(
  state: State,
  { operationId, from, to, holdUntil }: Undone,
): State => {
  const held = { serverId: from, until: holdUntil, operationId, before: null };
  const client = { ...state.client, serverId: to };
  if (state.held === null || state.held.before === null) return { ...state, client, held };
  const { image, secrets, ...before } = state.held.before;
  return { ...state, ...before, client: { ...client, image, secrets }, held };
};

/** What is held of that move. @throws Rejection `move_not_held` when nothing is, or what is held comes from another one */
export const heldOf = ({ held }: Pick<Movable, 'held'>, moveId: string): Held => {
  if (held === null || held.operationId !== moveId) {
    throw reject('move_not_held', message`No server keeps anything of this move any more`);
  }
  return held;
};

/** The same where it shall be taken back. @throws Rejection `move_not_held` */
export const undoableOf = (state: Pick<Movable, 'held'>, moveId: string): Held & { before: BeforeMove } => {
  const held = heldOf(state, moveId);
  const { before } = held;
  if (before === null) {
    throw reject(
      'move_not_held',
      message`This operation has taken a move back: there is nothing more to undo`,
    );
  }
  return { ...held, before };
};
