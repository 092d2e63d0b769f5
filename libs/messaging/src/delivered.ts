import type { Msg } from 'nats';

/** One delivery of a stored command to this process. */
export interface Delivered {
  subject: string;
  data: Uint8Array;
  /** Subject that takes the acknowledgement of this delivery. */
  ack: string;
  /** Place in the stream; stays the same over redeliveries. */
  sequence: number;
  /** 1 for the first delivery. */
  attempt: number;
  /** Which making of the stream the sequence belongs to; see `Link.streamBorn`. */
  born: string;
}

/** Reads what JetStream says about a delivery; null when the message is not one (a status of the pull). */
export const readDelivery = (message: Msg, born: string): Delivered | null => {
  const ack = message.reply ?? '';
  if (!ack.startsWith('$JS.ACK.')) return null;
  const tokens = ack.split('.');
  // Servers of a domain put two tokens (domain, account) in front of the stream's name, newer ones one at the end.
  const first = tokens.length > 9 ? 6 : 4;
  return {
    subject: message.subject,
    data: message.data,
    ack,
    attempt: Number(tokens[first]),
    sequence: Number(tokens[first + 1]),
    born,
  };
};
