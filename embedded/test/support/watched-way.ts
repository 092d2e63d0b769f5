import { connect, createServer, type AddressInfo } from 'node:net';

/** A way to a port of this machine on which everything that a caller sends is looked at. */
export interface WatchedWay {
  port: number;
  close(): Promise<void>;
}

/** @param passes false: what the caller has just sent, and all that follows, does not arrive */
export const openWay = async (to: number, passes: (sent: Buffer) => boolean): Promise<WatchedWay> => {
  const server = createServer((caller) => {
    const target = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [caller, target],
      [target, caller],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    target.pipe(caller);
    caller.on('data', (sent: Buffer) => {
      if (passes(sent)) target.write(sent);
      else target.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
