import { message } from '@alfa-cloud/contracts';
import type Docker from 'dockerode';
import { call, orNull, unlessGone, unlessStatus } from './call.ts';
import { configurationOf } from './container-configuration.ts';
import { containerCreateBody } from './container-spec.ts';
import { createDemultiplexer } from './demultiplexer.ts';
import type { ContainerState, DockerEngine, OutputLine } from './docker-engine.ts';
import { runExec } from './exec.ts';
import { runExecStream } from './exec-stream.ts';
import { createLineReader, engineTime } from './output-lines.ts';

const startOrRemoveMs = 30_000;
const execMs = 60_000;
const streamMs = 6 * 3_600_000;
const waitMs = 60_000;
const stopGraceSeconds = 10;

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
export const containersOf = (docker: Docker): Containers => ({
  container: (name, options) =>
    call(message`inspect container ${name}`, options, (abortSignal) =>
      orNull(async () => stateOf(await docker.getContainer(name).inspect({ abortSignal }))),
    ),
  inspectContainer: (name, options) =>
    call(message`inspect container ${name}`, options, (abortSignal) =>
      orNull(async () => {
        const found = await docker.getContainer(name).inspect({ abortSignal });
        return { ...stateOf(found), configuration: configurationOf(found) };
      }),
    ),
  createContainer: (name, spec, options) =>
    call(message`create container ${name}`, options, async (abortSignal) => {
      await docker.createContainer({ ...containerCreateBody(name, spec), abortSignal });
    }),
  startContainer: (name, options) =>
    call(message`start container ${name}`, { deadlineMs: startOrRemoveMs, ...options }, (abortSignal) =>
      unlessStatus(304, () => docker.getContainer(name).start({ abortSignal })),
    ),
  stopContainer: (name, options) =>
    call(message`stop container ${name}`, { deadlineMs: startOrRemoveMs, ...options }, (abortSignal) =>
      unlessGone(() =>
        unlessStatus(304, () => docker.getContainer(name).stop({ t: stopGraceSeconds, abortSignal })),
      ),
    ),
  removeContainer: (name, options) =>
    call(message`remove container ${name}`, { deadlineMs: startOrRemoveMs, ...options }, (abortSignal) =>
      unlessGone(() => docker.getContainer(name).remove({ force: true, v: true, abortSignal })),
    ),
  renameContainer: (name, newName, options) =>
    call(message`rename container ${name}`, options, async (abortSignal) => {
      if (name === newName) return;
      await docker.getContainer(name).rename({ name: newName, abortSignal });
    }),
  setRestartPolicy: (name, policy, options) =>
    call(message`change container ${name}`, options, async (abortSignal) => {
      await docker.getContainer(name).update({ RestartPolicy: { Name: policy }, abortSignal });
    }),
  waitContainer: (name, options) =>
    call(message`wait for container ${name}`, { deadlineMs: waitMs, ...options }, async (abortSignal) => {
      const wanted = { condition: 'not-running' as const, abortSignal };
      const { StatusCode } = (await docker.getContainer(name).wait(wanted)) as { StatusCode: number };
      return { exitCode: StatusCode };
    }),
  outputLines: (name, wanted, options) =>
    call(message`read the output of container ${name}`, options, (abortSignal) =>
      readLines(docker, name, wanted, abortSignal),
    ),
  lastLines: (name, lines, options) =>
    call(message`read the output of container ${name}`, options, async (abortSignal) => {
      const wanted = { stdout: true, stderr: true, follow: false as const, tail: lines, abortSignal };
      const frames = await orNull(() => docker.getContainer(name).logs(wanted));
      return frames === null ? '' : textOf(frames);
    }),
  exec: (container, request, options) =>
    call(
      message`run ${request.argv[0] ?? 'nothing'} in container ${container}`,
      { deadlineMs: execMs, ...options },
      (signal) => runExec(docker, container, request, signal),
    ),
  execStream: (container, request, { idleMs, ...options } = {}) =>
    call(
      message`run ${request.argv[0] ?? 'nothing'} in container ${container}`,
      { deadlineMs: streamMs, ...options },
      (signal) => runExecStream(docker, container, request, idleMs, signal),
    ),
  runningCommands: (container, options) =>
    call(message`list the commands in container ${container}`, options, (signal) =>
      readCommands(docker, container, signal),
    ),
});

const readCommands = async (
  docker: Docker,
  container: string,
  abortSignal: AbortSignal,
): Promise<string[][]> => {
  const { ExecIDs } = await docker.getContainer(container).inspect({ abortSignal });
  const commands = await Promise.all(
    (ExecIDs ?? []).map((id) => orNull(() => docker.getExec(id).inspect({ abortSignal }))),
  );
  return commands.flatMap((command) =>
    command?.Running === true ? [[command.ProcessConfig.entrypoint, ...command.ProcessConfig.arguments]] : [],
  );
};

const readLines = async (
  docker: Docker,
  name: string,
  { tail, after }: { tail: number; after?: string },
  abortSignal: AbortSignal,
): Promise<OutputLine[] | null> => {
  const since = after === undefined ? {} : { since: engineTime(after) };
  const wanted = { stdout: true, stderr: true, timestamps: true, follow: false as const, tail, ...since };
  const frames = await orNull(() => docker.getContainer(name).logs({ ...wanted, abortSignal }));
  if (frames === null) return null;
  const reader = createLineReader();
  const demultiplexer = createDemultiplexer((stream, text) => reader.write(stream, text));
  demultiplexer.write(frames);
  demultiplexer.end();
  // The engine's own limit takes the line of that time in.
  return reader.end().filter(({ at }) => after === undefined || at > after);
};

const stateOf = (container: Docker.ContainerInspectInfo): ContainerState => ({
  id: container.Id,
  name: container.Name.slice(1),
  imageId: container.Image,
  labels: container.Config.Labels ?? {},
  status: container.State.Status as ContainerState['status'],
  exitCode: container.State.ExitCode,
  outOfMemory: container.State.OOMKilled,
  restartCount: container.RestartCount,
  startedAt: container.State.StartedAt,
});

const textOf = (frames: Uint8Array): string => {
  let text = '';
  const demultiplexer = createDemultiplexer((_stream, part) => (text += part));
  demultiplexer.write(frames);
  demultiplexer.end();
  return text;
};
