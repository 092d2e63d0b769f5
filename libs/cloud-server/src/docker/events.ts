import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { call, getJson } from './call.ts';
import { dockerError } from './docker-errors.ts';
import type { ContainerHappening, DockerEngine } from './docker-engine.ts';
import { engineTime } from './output-lines.ts';

/** Commands in containers make three events each, with their words in them; they are of no use here. */
const actions = ['start', 'die', 'oom', 'stop', 'kill', 'pause', 'unpause', 'restart', 'rename', 'destroy'];

const what = 'tell what happens to containers';

/** The part of the port that concerns events. */
export const eventsOf = (docker: Docker): Pick<DockerEngine, 'followEvents'> => ({
  async followEvents({ labels, signal, onOpen, onEvent }) {
    try {
      const stream = await call(what, { signal }, (abortSignal) => open(docker, labels, abortSignal));
      onOpen();
      await read(stream, signal, onEvent);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
});

const open = async (
  docker: Docker,
  labels: readonly string[],
  abortSignal: AbortSignal,
): Promise<Readable> => {
  // The engine answers a moment before it listens itself; what happens in between is told because of the time.
  const { SystemTime } = (await getJson(docker, '/info', abortSignal)) as { SystemTime: string };
  const filters = { type: ['container'], event: actions, label: [...labels] };
  const wanted = { filters: JSON.stringify(filters), since: engineTime(SystemTime), abortSignal };
  return (await docker.getEvents(wanted as unknown as Docker.GetEventsOptions)) as Readable;
};

const read = (
  stream: Readable,
  signal: AbortSignal,
  onEvent: (event: ContainerHappening) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort);
      stream.destroy();
      settle();
    };
    const onAbort = () => end(resolve);
    const lost = (error?: unknown) =>
      end(() => reject(error === undefined ? connectionEnded() : dockerError(what, error)));
    stream.on('data', (chunk: Buffer) => {
      try {
        const lines = (rest + decoder.write(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim() !== '') onEvent(happeningOf(line));
      } catch (error) {
        lost(error);
      }
    });
    stream.once('end', () => lost());
    stream.once('close', () => lost());
    stream.on('error', lost);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });

const connectionEnded = (): CloudServerError =>
  new CloudServerError(
    'transient',
    'docker_unreachable',
    'The Docker Engine ended the connection on which it tells what happens to containers',
  );

const happeningOf = (line: string): ContainerHappening => {
  const { Action, Actor } = JSON.parse(line) as {
    Action: string;
    Actor: { Attributes?: Record<string, string> };
  };
  const { name = '', ...labels } = Actor.Attributes ?? {};
  return { action: Action, name, labels };
};
