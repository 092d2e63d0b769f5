import { message } from '@alfa-cloud/contracts';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { call, getJson, orNull } from './call.ts';
import { dockerError } from './docker-errors.ts';
import type { ContainerEvent, DockerEngine } from './docker-engine.ts';
import { engineTime } from './output-lines.ts';

/** Without the three events of each `exec`, which carry its words. */
const actions = ['start', 'die', 'oom', 'stop', 'kill', 'pause', 'unpause', 'restart', 'rename', 'destroy'];
const networkActions = ['connect', 'disconnect'];
const imageActions = ['tag', 'untag', 'delete', 'pull', 'load', 'import'];

const what = message`tell what happens to containers`;

/** The part of the port that concerns events. */
export const eventsOf = (docker: Docker): Pick<DockerEngine, 'followEvents'> => ({
  async followEvents({ labels, signal, onOpen, onEvent, onImage }) {
    try {
      const stream = await call(what, { signal }, (abortSignal) => open(docker, abortSignal));
      onOpen();
      const tell = (event: ContainerEvent) => {
        if (labels.every((wanted) => carries(event, wanted))) onEvent(event);
      };
      await read(stream, signal, (event) => {
        if (event.Type === 'image') onImage?.();
        else if (event.Type === 'network') void tellOfNetwork(docker, event, signal, tell);
        else tell(containerEventOf(event));
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
});

const open = async (docker: Docker, abortSignal: AbortSignal): Promise<Readable> => {
  // The engine answers the request shortly before it subscribes to its own events; `since` covers the gap.
  const { SystemTime } = (await getJson(docker, '/info', abortSignal)) as { SystemTime: string };
  // The engine's label filter would drop network events, which carry no labels.
  const filters = {
    type: ['container', 'network', 'image'],
    event: [...actions, ...networkActions, ...imageActions],
  };
  const wanted = { filters: JSON.stringify(filters), since: engineTime(SystemTime), abortSignal };
  return (await docker.getEvents(wanted as unknown as Docker.GetEventsOptions)) as Readable;
};

const read = (stream: Readable, signal: AbortSignal, onEvent: (event: EngineEvent) => void): Promise<void> =>
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
        for (const line of lines) if (line.trim() !== '') onEvent(JSON.parse(line) as EngineEvent);
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
    message`The Docker Engine ended the connection on which it tells what happens to containers`,
  );

interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { Attributes?: Record<string, string> };
}

const containerEventOf = ({ Action, Actor }: EngineEvent): ContainerEvent => {
  const { name = '', ...labels } = Actor.Attributes ?? {};
  return { action: Action, name, labels };
};

/** `name=value`, or a name alone for any value. */
const carries = ({ labels }: ContainerEvent, wanted: string): boolean => {
  const end = wanted.indexOf('=');
  return end < 0 ? Object.hasOwn(labels, wanted) : labels[wanted.slice(0, end)] === wanted.slice(end + 1);
};

/**
 * A network event names its container by id only, so name and labels are looked up. A container that is gone by then has an event of its own.
 * The removal of a network names no container: an inspection with an empty id would be redirected, and docker-modem would follow to another address.
 */
const tellOfNetwork = async (
  docker: Docker,
  { Action, Actor }: EngineEvent,
  signal: AbortSignal,
  tell: (event: ContainerEvent) => void,
): Promise<void> => {
  const { container = '', name: network = '' } = Actor.Attributes ?? {};
  if (container === '') return;
  const found = await call(what, { signal }, (abortSignal) =>
    orNull(() => docker.getContainer(container).inspect({ abortSignal })),
  ).catch(() => null);
  if (found === null || signal.aborted) return;
  tell({ action: Action, name: found.Name.slice(1), labels: found.Config.Labels ?? {}, network });
};
