import type { Msg } from '@nats-io/transport-node';

/** One delivery of a stored command to this process. */
export interface JetStreamDelivery {
  subject: string;
  data: Uint8Array;
  /** Subject that takes the acknowledgement of this delivery. */
  ack: string;
  /** Sequence number in the stream, the same for every redelivery. */
  sequence: number;
  /** 1 for the first delivery. */
  attempt: number;
  /** The incarnation of the stream that the sequence number belongs to; see `Link.streamBorn`. */
  born: string;
}

/** Reads the metadata of a delivery from its reply subject; null when the message is a status of the pull request. */
export const readDelivery = (message: Msg, born: string): JetStreamDelivery | null => {
  const ack = message.reply ?? '';
  if (!ack.startsWith('$JS.ACK.')) return null;
  const tokens = ack.split('.');
  // A server in a JetStream domain puts two tokens (domain, account) before the stream's name; newer servers append one.
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
