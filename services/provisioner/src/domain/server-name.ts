import { message, reject, type Rejection } from '@alfa-cloud/contracts';
import type { Reservation } from './reservations.ts';

/** Names of servers are unique whatever their case. */
export const serverNameReservation = ({ id, name }: { id: string; name: string }): Reservation => ({
  scope: 'server',
  name: name.toLowerCase(),
  holderId: id,
});

/** Another server has the name. */
export const nameTaken = (name: string): Rejection =>
  reject('server_name_taken', message`There is a server "${name}" already`, {
    pointer: '/data/attributes/name',
  });
