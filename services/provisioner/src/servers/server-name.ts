import type { Reservation } from '../reservations.ts';

/** Names of servers are unique whatever their case. */
export const serverNameReservation = ({ id, name }: { id: string; name: string }): Reservation => ({
  scope: 'server',
  name: name.toLowerCase(),
  holderId: id,
});
