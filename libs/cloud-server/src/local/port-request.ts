import { message } from '@alfa-cloud/contracts';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode, errorMessage, withDeadline } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import type { CallOptions } from '../call-options.ts';
import type { PortRequest, PortResponse } from '../cloud-server.ts';

const requestMs = 5000;
const bodyMax = 65_536;
/** Applications answer with more than the 16 KiB that Node takes by default. */
const headersMax = 65_536;

/** Where a port is reached: an address, or what opens a connection to it. */
export type PortPlace = string | ((signal: AbortSignal) => Promise<Duplex>);

/** GET to a port under the name `host`, each time over a connection of its own. */
export const getFromPort = async (
  place: PortPlace,
  request: PortRequest,
  options: CallOptions = {},
): Promise<PortResponse> => {
  try {
    return await withDeadline(
      options.deadlineMs ?? requestMs,
      'request',
      (signal) => send(place, request, signal),
      options.signal,
    );
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new CloudServerError(
      'transient',
      'port_unreachable',
      message`Port ${request.port} of the server does not answer (${errorCode(error) ?? errorMessage(error)})`,
      { cause: error },
    );
  }
};

const send = async (
  place: PortPlace,
  { port, host, path }: PortRequest,
  signal: AbortSignal,
): Promise<PortResponse> => {
  const way =
    typeof place === 'string' ? { host: place, agent: false } : { agent: agentOf(await place(signal)) };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { ...way, port, path, headers: { host }, maxHeaderSize: headersMax, signal },
      (response) => {
        readBody(response).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headersDistinct).map(([name, values]) => [name, values?.[0] ?? '']),
              ),
              body,
            }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end();
  });
};

const agentOf = (socket: Duplex): Agent => {
  const agent = new Agent();
  agent.createConnection = () => socket;
  return agent;
};

const readBody = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bodyMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bodyMax).toString('utf8');
};
