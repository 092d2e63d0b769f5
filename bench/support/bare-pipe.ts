import { once } from 'node:events';
import { Client, type ClientChannel } from 'ssh2';

export interface BareSide {
  host: string;
  privateKey: string;
  line: string;
}

/** Pipes a command's output on one server into a command on another by two connections of ssh2 and nothing else: what a process between them costs at least. */
export const barePipe = async (source: BareSide, sink: BareSide): Promise<void> => {
  const clients = [new Client(), new Client()] as const;
  try {
    const [from, to] = await Promise.all([start(clients[0], source), start(clients[1], sink)]);
    for (const { stderr } of [from, to]) stderr.resume();
    to.resume();
    const end = once(to, 'exit') as Promise<[number | null]>;
    from.pipe(to);
    const [code] = await end;
    if (code !== 0) throw new Error(`${sink.line} ended with ${code}`);
  } finally {
    for (const client of clients) client.end();
  }
};

const start = async (client: Client, { host, privateKey, line }: BareSide): Promise<ClientChannel> => {
  const ready = once(client, 'ready');
  client.connect({ host, username: 'root', privateKey });
  await ready;
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
  });
};
