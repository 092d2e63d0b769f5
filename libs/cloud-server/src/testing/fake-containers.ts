import type { ContainerState, DockerEngine } from '../docker/docker-engine.ts';
import { fakeConfiguration } from './fake-configuration.ts';
import {
  fail,
  tellFollowers,
  type FakeBehaviour,
  type FakeContainer,
  type FakeEngine,
} from './fake-engine.ts';
import { factsOf } from './fake-images.ts';
import { fakeStream } from './fake-stream.ts';

type Containers = Pick<
  DockerEngine,
  | 'container'
  | 'inspectContainer'
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'removeContainer'
  | 'renameContainer'
  | 'setRestartPolicy'
  | 'waitContainer'
  | 'outputLines'
  | 'lastLines'
  | 'exec'
  | 'execStream'
  | 'runningCommands'
>;

/** The part of the port that concerns containers. */
export const fakeContainers = (engine: FakeEngine, behaviour: FakeBehaviour): Containers => {
  let made = 0;
  return {
    ...looks(engine),
    async createContainer(name, spec) {
      if (engine.containers.has(name)) throw fail('name_in_use', `Container ${name} exists`);
      const image = factsOf(engine, spec.image);
      if (image === undefined) throw fail('not_found', `No such image: ${spec.image}`);
      made += 1;
      const id = `container-${made}`;
      engine.containers.set(name, {
        id,
        imageId: image.id,
        networks: new Map([[spec.network, { aliases: spec.aliases ?? [] }]]),
        spec,
        status: 'created',
        restartCount: 0,
        exitCode: 0,
        startedAt: '',
      });
    },
    async startContainer(name) {
      const container = engine.containers.get(name);
      if (container === undefined) throw fail('not_found', `No such container: ${name}`);
      if (container.status === 'running') return;
      const gone = [...container.networks].find(([, { isGone }]) => isGone === true);
      if (gone !== undefined) throw fail('not_found', `network ${gone[0]} not found`);
      container.status = 'running';
      container.startedAt = `start-${container.id}-${container.restartCount}`;
      behaviour.onStart?.(name, container);
      tellFollowers(engine, { action: 'start', name, labels: container.spec.labels });
    },
    async stopContainer(name) {
      const container = engine.containers.get(name);
      if (container === undefined || container.status === 'exited') return;
      container.status = 'exited';
      tellFollowers(engine, { action: 'die', name, labels: container.spec.labels });
    },
    async removeContainer(name) {
      const container = engine.containers.get(name);
      engine.containers.delete(name);
      if (container !== undefined)
        tellFollowers(engine, { action: 'destroy', name, labels: container.spec.labels });
    },
    async renameContainer(name, newName) {
      if (name === newName) return;
      const container = engine.containers.get(name);
      if (container === undefined) throw fail('not_found', `No such container: ${name}`);
      if (engine.containers.has(newName)) throw fail('name_in_use', `Container ${newName} exists`);
      engine.containers.delete(name);
      engine.containers.set(newName, container);
      tellFollowers(engine, { action: 'rename', name: newName, labels: container.spec.labels });
    },
    async waitContainer(name) {
      const container = engine.containers.get(name);
      if (container === undefined) throw fail('not_found', `No such container: ${name}`);
      if (container.status === 'running') {
        container.status = 'exited';
        container.exitCode = behaviour.exitCode?.(name, container) ?? 0;
      }
      return { exitCode: container.exitCode };
    },
    async outputLines(name, { tail, after }) {
      if (!engine.containers.has(name)) return null;
      const lines = behaviour.outputLines?.(name) ?? [];
      return lines.filter(({ at }) => after === undefined || at > after).slice(-tail);
    },
    lastLines: async (name) => behaviour.lastLines?.(name) ?? '',
    ...fakeCommands(engine, behaviour),
  };
};

/** What is run in containers. */
const fakeCommands = (
  engine: FakeEngine,
  behaviour: FakeBehaviour,
): Pick<Containers, 'exec' | 'execStream' | 'runningCommands'> => {
  const running = (name: string): FakeContainer => {
    const container = engine.containers.get(name);
    if (container === undefined) throw fail('not_found', `No such container: ${name}`);
    if (container.status !== 'running') throw fail('not_running', `Container ${name} is not running`);
    return container;
  };
  return {
    async exec(name, request) {
      running(name);
      const result = behaviour.exec?.({ container: name, request }) ?? {};
      const { exitCode = 0, stdout = '', stderr = '', truncated = false } = result;
      request.onOutput?.(stdout + stderr);
      return { exitCode, stdout, stderr, truncated };
    },
    async execStream(name, request, options = {}) {
      running(name);
      return fakeStream(request, options, (asked) => behaviour.exec?.({ container: name, request: asked }));
    },
    async runningCommands(name) {
      running(name);
      return [];
    },
  };
};

const looks = (
  engine: FakeEngine,
): Pick<Containers, 'container' | 'inspectContainer' | 'setRestartPolicy'> => ({
  async setRestartPolicy(name, policy) {
    const container = engine.containers.get(name);
    if (container === undefined) throw fail('not_found', `No such container: ${name}`);
    container.spec = { ...container.spec, restart: policy };
  },

  async container(name) {
    const found = engine.containers.get(name);
    return found === undefined ? null : stateOf(name, found);
  },
  async inspectContainer(name) {
    const found = engine.containers.get(name);
    if (found === undefined) return null;
    return { ...stateOf(name, found), configuration: fakeConfiguration(engine, found) };
  },
});

const stateOf = (name: string, container: FakeContainer): ContainerState => ({
  id: container.id,
  name,
  imageId: container.imageId,
  labels: container.spec.labels,
  status: container.status,
  exitCode: container.exitCode,
  outOfMemory: false,
  restartCount: container.restartCount,
  startedAt: container.startedAt,
});
