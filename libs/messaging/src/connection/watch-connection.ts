import type { NatsConnection, Status } from '@nats-io/transport-node';

/** Reports what happens to the connection, until it is closed. */
export const watchConnection = async (
  connection: NatsConnection,
  on: {
    onDisconnected(): void;
    /** An attempt to reconnect begins. */
    onReconnecting(): void;
    onReconnected(): void;
    onOther(status: Status): void;
  },
): Promise<void> => {
  for await (const status of connection.status()) {
    switch (status.type as string) {
      case 'disconnect':
        on.onDisconnected();
        break;
      case 'reconnecting':
        on.onReconnecting();
        break;
      case 'reconnect':
        on.onReconnected();
        break;
      case 'ping':
      case 'update':
      case 'close':
        break;
      default:
        on.onOther(status);
    }
  }
};
