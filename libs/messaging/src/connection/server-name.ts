import { connect } from '@nats-io/transport-node';

const deadlineMs = 2000;

/** The name that the NATS server at this address gives itself; null when none answers within 2 s. */
export const natsServerName = async (url: string): Promise<string | null> => {
  try {
    const connection = await connect({ servers: url, timeout: deadlineMs, reconnect: false });
    const name = connection.info?.server_name ?? null;
    await connection.close();
    return name;
  } catch {
    return null;
  }
};
