import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { message, type Message } from '@alfa-cloud/contracts';
import { withLastLines, type StepFailure, type StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { runSql } from '../../../on-server/database.ts';
import { final } from '../../../on-server/failures.ts';
import { serverNames } from '../../../on-server/names.ts';
import type { Preparation, PreparationConfig } from '../../../on-server/preparation.ts';
import { healthHost, proxyHeader } from '../../../on-server/proxy-configuration.ts';
import { quietMs, untilOrLate } from './waiting.ts';

const slackMs = 120_000;
const proxyMs = 120_000;
const lastLines = 20;

/** Waits until the database takes statements. After a hard reboot it mends its tables first. */
export const databaseStep = ({
  databaseStartMs,
}: Pick<PreparationConfig, 'databaseStartMs'>): StepWork<Preparation> =>
  serviceStep({
    container: serverNames.database,
    deadlineMs: databaseStartMs,
    line: 'The database does not answer yet',
    asked: ({ cloud, redact }, signal) => runSql(cloud, 'SELECT 1;\n', redact, { signal }),
    failure: (lines) =>
      final('database_not_back', lines(message`The database has not come back after the reboot`)),
    done: 'The database answers',
  });

/** Waits until nginx answers. */
export const proxyStep: StepWork<Preparation> = serviceStep({
  container: serverNames.proxy,
  deadlineMs: proxyMs,
  line: 'The proxy does not answer yet',
  async asked({ cloud, server }, signal) {
    const request = { port: server.proxy.httpPort, host: healthHost, path: '/' };
    const { headers } = await cloud.get(request, { signal });
    if (headers[proxyHeader] === undefined) throw final('proxy_not_back', message`something else answers`);
  },
  failure: (lines) => final('proxy_not_back', lines(message`The proxy has not come back after the reboot`)),
  done: 'The proxy answers',
});

interface Service {
  container: string;
  deadlineMs: number;
  line: string;
  /** Rejects while it does not work. */
  asked: (preparation: Preparation, signal: AbortSignal) => Promise<unknown>;
  failure: (lines: (sentence: Message) => Message) => StepFailure;
  done: string;
}

function serviceStep({ container, deadlineMs, line, asked, failure, done }: Service): StepWork<Preparation> {
  return serverStep({
    deadlineMs: deadlineMs + slackMs,
    quietMs,
    async act(preparation, { output, signal }) {
      await untilOrLate(
        { deadlineMs, output, signal },
        () => asked(preparation, signal).then(() => null, isNotYet),
        () => line,
        async () => {
          const said = preparation.redact(await linesOf(preparation.cloud, container, signal));
          return failure((sentence) => withLastLines(sentence, message`container ${container}`, said));
        },
      );
      return done;
    },
  });
}

const isNotYet = (error: unknown): true => {
  if (isCloudServerError(error) || errorName(error) === 'StepFailure') return true;
  throw error;
};

const linesOf = ({ docker }: CloudServer, container: string, signal: AbortSignal): Promise<string> =>
  docker.lastLines(container, lastLines, { signal }).catch((error: unknown) => {
    if (isCloudServerError(error)) return error.message;
    throw error;
  });
