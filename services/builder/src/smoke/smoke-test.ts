import type { CloudServer, DockerEngine, ImageFacts, NamedThing } from '@alfa-cloud/cloud-server';
import { message, type Message } from '@alfa-cloud/contracts';
import { StepFailure, withLastLines, type StepIo } from '@alfa-cloud/operations';
import { createRedactor } from '@alfa-cloud/secrets';
import { label } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';
import { randomBytes } from 'node:crypto';
import { allOf } from '../all-of.ts';
import { untilDatabaseStays, untilHealthz, waitInside } from './inner-waits.ts';
import type { SchemaCopy } from './newest-schema.ts';
import type { SmokeConfig } from './smoke-config.ts';
import {
  smokeApplication,
  smokeDatabase,
  smokeHosts,
  smokeLabels,
  smokeNames,
  smokePort,
  smokePrefix,
  type SmokeNames,
  type SmokeSecrets,
} from './smoke-plans.ts';

export interface SmokeTest {
  operationId: string;
  serverId: string;
  cloud: CloudServer;
  image: ImageFacts;
  /** Asks for the tables of the client that was made last; null: there is none, or it can't be read. */
  schema: (signal: AbortSignal) => Promise<SchemaCopy | null>;
  config: SmokeConfig;
}

type Io = Pick<StepIo, 'signal' | 'output'>;

const removalMs = 60_000;

/**
 * Starts the image beside a database of its own, in a network without a way out, and does what the first minutes of a client do: `/healthz`,
 * `artisan --version`, migrations of an empty database and of a copy of the newest tables. Nothing of it stays.
 * Failures: final `smoke_test_failed` with the last lines of the application; those of the server.
 * @returns the tables that it was tested with
 */
export const smokeTest = async (test: SmokeTest, io: Io): Promise<SchemaCopy | null> => {
  await removeSmokeTest(test, io.signal);
  const names = smokeNames(test.operationId, randomBytes(4).toString('hex'));
  const secrets = newSecrets();
  const labels = smokeLabels(test.operationId, test.serverId);
  const parts = { names, secrets, labels };
  const { docker } = test.cloud;
  const { signal } = io;
  try {
    await docker.createNetwork(names.network, { labels, internal: true }, { signal });
    const [schema] = await allOf(signal, (both) => [
      test.schema(both),
      startDatabase(test, parts, both),
      createApplication(test, 'alfa_empty', parts, both),
    ]);
    io.output('Migrations on an empty database\n');
    await tryOn(test, { database: 'alfa_empty', tables: null }, parts, io);
    if (schema !== null) {
      io.output(`Migrations on the tables of client ${schema.slug}, without its data\n`);
      await createApplication(test, 'alfa_newest', parts, signal);
      await tryOn(test, { database: 'alfa_newest', tables: schema.sql }, parts, io);
    }
    return schema;
  } finally {
    await removeRun(docker, names, AbortSignal.timeout(removalMs));
  }
};

/** Removes what smoke tests of the operation have made, whole or in part. */
export const removeSmokeTest = async (
  { cloud: { docker }, operationId }: Pick<SmokeTest, 'cloud' | 'operationId'>,
  signal: AbortSignal,
): Promise<void> => {
  const isOfIt = ({ name, labels }: NamedThing) =>
    name.startsWith(smokePrefix) &&
    labels[label.managed] === 'true' &&
    labels[label.operation] === operationId;
  const containers = (await docker.listContainers({ signal })).filter(isOfIt);
  for (const { name } of containers) await docker.removeContainer(name, { signal });
  const networks = (await docker.networks({ signal })).filter(isOfIt);
  for (const { name } of networks) await docker.removeNetwork(name, { signal });
};

const removeRun = async (
  docker: DockerEngine,
  { application, database, network }: SmokeNames,
  signal: AbortSignal,
): Promise<void> => {
  // Each is tried, also when the other one can't be removed.
  await allOf(signal, () => [application, database].map((name) => docker.removeContainer(name, { signal })));
  await docker.removeNetwork(network, { signal });
};

const newSecrets = (): SmokeSecrets => ({
  rootPassword: randomBytes(24).toString('base64url'),
  password: randomBytes(24).toString('base64url'),
  appKey: `base64:${randomBytes(32).toString('base64')}`,
});

interface Parts {
  names: SmokeNames;
  secrets: SmokeSecrets;
  labels: Record<string, string>;
}

const pollMs = 250;

const startDatabase = async (
  test: SmokeTest,
  { names, secrets, labels }: Parts,
  signal: AbortSignal,
): Promise<void> => {
  const { docker } = test.cloud;
  const plan = smokeDatabase(names, test.config, secrets, labels);
  await docker.createContainer(names.database, plan, { signal });
  await docker.startContainer(names.database, { signal });
  await databaseAnswers(test, names, secrets, signal);
};

const databaseAnswers = async (
  { cloud: { docker }, config }: SmokeTest,
  { database }: SmokeNames,
  { rootPassword }: SmokeSecrets,
  signal: AbortSignal,
): Promise<void> => {
  const end = performance.now() + config.databaseStartMs;
  for (;;) {
    const state = await docker.container(database, { signal });
    const runs = state?.status === 'running';
    const asked = { argv: waitInside(untilDatabaseStays), env: { MYSQL_PWD: rootPassword } };
    const answered = runs ? await docker.exec(database, asked, { signal }) : null;
    if (answered?.exitCode === 0) return;
    if (!runs || performance.now() > end) {
      const lines = createRedactor([rootPassword])(await docker.lastLines(database, 20, { signal }));
      const sentence = message`The database of the smoke test did not start within ${config.databaseStartMs / 1000} s`;
      throw new StepFailure(
        'transient',
        'smoke_database',
        withLastLines(sentence, message`its output`, lines),
      );
    }
    await sleep(pollMs, signal);
  }
};

const createApplication = async (
  { cloud: { docker }, image, config }: SmokeTest,
  database: string,
  { names, secrets, labels }: Parts,
  signal: AbortSignal,
): Promise<void> => {
  const plan = smokeApplication(names, { image, database }, config, secrets, labels);
  await docker.createContainer(names.application, plan, { signal });
};

/** Lets the application that was created for a database run on it: with these tables, or with none. */
const tryOn = async (
  test: SmokeTest,
  { database, tables }: { database: string; tables: string | null },
  { names, secrets }: Parts,
  io: Io,
): Promise<void> => {
  const { docker } = test.cloud;
  const { signal } = io;
  await runSql(test, names, secrets, {
    database: '',
    sql: `CREATE DATABASE ${database} CHARACTER SET utf8mb4;
CREATE USER '${database}'@'%' IDENTIFIED BY '${secrets.password}';
GRANT ALL ON ${database}.* TO '${database}'@'%';\n`,
    signal,
  });
  if (tables !== null) await runSql(test, names, secrets, { database, sql: tables, signal });
  await docker.startContainer(names.application, { signal });
  await untilHealthy(test, names, secrets, signal);
  await runCommand(test, names, secrets, { argv: ['php', 'artisan', '--version'], io });
  await runCommand(test, names, secrets, { argv: test.config.migrate, io });
  await untilHealthy(test, names, secrets, signal);
  await docker.removeContainer(names.application, { signal });
};

const runSql = async (
  { cloud: { docker }, config }: SmokeTest,
  names: SmokeNames,
  { rootPassword, password }: SmokeSecrets,
  { database, sql, signal }: { database: string; sql: string; signal: AbortSignal },
): Promise<void> => {
  const argv = [
    'mariadb',
    '--user=root',
    '--default-character-set=utf8mb4',
    ...(database === '' ? [] : [database]),
  ];
  const request = { argv, env: { MYSQL_PWD: rootPassword }, stdin: sql };
  const { exitCode, stderr } = await docker.exec(names.database, request, {
    signal,
    deadlineMs: config.commandMs,
  });
  if (exitCode === 0) return;
  const redact = createRedactor([rootPassword, password]);
  const sentence = message`The database of the smoke test could not be filled`;
  throw new StepFailure(
    'final',
    'smoke_database',
    withLastLines(sentence, message`its output`, redact(stderr)),
  );
};

/** Asked by a neighbour in the network. */
const askHealth = waitInside(untilHealthz(smokeHosts.application, smokePort));

const untilHealthy = async (
  test: SmokeTest,
  names: SmokeNames,
  secrets: SmokeSecrets,
  signal: AbortSignal,
): Promise<void> => {
  const { docker } = test.cloud;
  const end = performance.now() + test.config.healthMs;
  for (;;) {
    const state = await docker.container(names.application, { signal });
    if (state?.status !== 'running') {
      const sentence = message`The application ended with exit code ${state?.exitCode ?? 'unknown'}`;
      throw await failed(test, names, secrets, sentence, signal);
    }
    const asked = await docker.exec(names.database, { argv: askHealth }, { signal });
    const status = asked.stdout.trim();
    if (status === '200') return;
    if (performance.now() > end) {
      const answer = status === '' ? message`does not answer` : message`answered ${status}`;
      const sentence = message`The application did not become healthy within ${test.config.healthMs / 1000} s: /healthz ${answer}`;
      throw await failed(test, names, secrets, sentence, signal);
    }
    await sleep(pollMs, signal);
  }
};

const runCommand = async (
  test: SmokeTest,
  names: SmokeNames,
  { password, appKey, rootPassword }: SmokeSecrets,
  { argv, io: { signal, output } }: { argv: readonly string[]; io: Io },
): Promise<void> => {
  const redact = createRedactor([password, appKey, rootPassword]);
  const request = { argv, onOutput: (text: string) => output(redact(text)) };
  const { exitCode, stdout, stderr } = await test.cloud.docker.exec(names.application, request, {
    signal,
    deadlineMs: test.config.commandMs,
  });
  if (exitCode === 0) return;
  const sentence = message`${argv.join(' ')} ended with exit code ${exitCode}`;
  const lines = redact(`${stdout}\n${stderr}`);
  throw new StepFailure('final', 'smoke_test_failed', withLastLines(sentence, message`its output`, lines));
};

const failed = async (
  { cloud: { docker } }: SmokeTest,
  { application }: SmokeNames,
  { password, appKey }: SmokeSecrets,
  sentence: Message,
  signal: AbortSignal,
): Promise<StepFailure> => {
  const lines = createRedactor([password, appKey])(await docker.lastLines(application, 20, { signal }));
  return new StepFailure('final', 'smoke_test_failed', withLastLines(sentence, message`its output`, lines));
};
