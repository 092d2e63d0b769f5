import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadRequest {
  method: string;
  path: string;
  authorization: string;
  body?: string;
}

export interface Load {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of the last answer's body. */
  bytes: number;
}

const toText = (host: string, { method, path, authorization, body }: LoadRequest): string =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: ${authorization}`,
    ...(body === undefined
      ? []
      : ['Content-Type: application/vnd.api+json', `Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body ?? '',
  ].join('\r\n');

/** Reads one answer with a `Content-Length`. @returns the size of its body */
const readAnswer = async (socket: Socket): Promise<number> => {
  let seen: Buffer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const head = seen.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (!head.startsWith('HTTP/1.1 20')) throw new Error(`Unexpected answer: ${seen.toString()}`);
    if (seen.length >= end + 4 + length) return length;
  }
};

/**
 * Sends requests one after the other over each of `width` connections.
 * A client of our own over bare sockets: node's costs as much as the server that it shall measure.
 */
export const loadFor = async (
  ms: number,
  width: number,
  url: string,
  next: () => LoadRequest,
): Promise<Load> => {
  const { hostname, port, host } = new URL(url);
  const times: number[] = [];
  let bytes = 0;
  const begun = performance.now();
  const worker = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    while (performance.now() - begun < ms) {
      const sent = performance.now();
      socket.write(toText(host, next()));
      bytes = await readAnswer(socket);
      times.push(performance.now() - sent);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: width }, worker));
  const seconds = (performance.now() - begun) / 1000;
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), bytes };
};
