import { message } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer, type PortResponse } from '@alfa-cloud/cloud-server';
import type { RegisteredServer } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import { runSql } from '../../on-server/database.ts';
import { serverNames } from '../../on-server/names.ts';
import {
  healthHost,
  proxyConfiguration,
  proxyDigest,
  proxyHeader,
} from '../../on-server/proxy-configuration.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import {
  complaintsIn,
  configurationRefused,
  endFindings,
  endsAgainAndAgain,
  isNotRunning,
} from './crash-loop.ts';
import { finding, type Finding } from './finding.ts';

const askMs = 10_000;

/** Whether the database takes statements. */
export const answersSql = async (preparation: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const { cloud, redact } = preparation;
  try {
    await runSql(cloud, 'SELECT 1;\n', redact, { signal, deadlineMs: askMs });
    return [];
  } catch (error) {
    const name = serverNames.database;
    if (isNotRunning(error)) return endFindings(preparation, name, endsAgainAndAgain(name), { signal });
    if (!isRefusal(error)) throw error;
    return [
      finding('database_not_answering', name, message`The database takes no statements`, { isDown: true }),
    ];
  }
};

/** Answer of the proxy to a request for no client; null when there is none. */
export const proxyAnswers = async (
  cloud: CloudServer,
  { proxy }: Pick<RegisteredServer, 'proxy'>,
  signal: AbortSignal,
): Promise<PortResponse | null> => {
  try {
    return await cloud.get({ port: proxy.httpPort, host: healthHost, path: '/' }, { signal });
  } catch (error) {
    if (!isCloudServerError(error)) throw error;
    return null;
  }
};

/** Whether nginx accepts its files, and whether it has loaded them. */
export const lookAtLoadedProxy = async (
  preparation: Preparation,
  signal: AbortSignal,
): Promise<Finding[]> => {
  const { cloud, server } = preparation;
  const name = serverNames.proxy;
  const options = { signal, deadlineMs: askMs };
  const [check, answer] = await Promise.all([
    cloud.docker.exec(name, { argv: ['nginx', '-t'] }, options).catch(notRunning),
    proxyAnswers(cloud, server, signal),
  ]);
  if (check === null) return endFindings(preparation, name, endsAgainAndAgain(name), { signal });
  const findings: Finding[] = [];
  if (check.exitCode !== 0) {
    findings.push(configurationRefused(complaintsIn(check.stderr) || check.stderr));
  }
  if (answer === null) {
    const words = message`The proxy does not answer on port ${server.proxy.httpPort}`;
    findings.push(finding('proxy_not_answering', name, words, { isDown: true }));
  } else if (answer.headers[proxyHeader] !== proxyDigest(proxyConfiguration())) {
    const words = message`nginx works by another configuration than the one it should have`;
    findings.push(finding('proxy_configuration_not_loaded', name, words));
  }
  return findings;
};

const notRunning = (error: unknown): null => {
  if (isNotRunning(error)) return null;
  throw error;
};

const isRefusal = (error: unknown): boolean =>
  errorName(error) === 'StepFailure' || (isCloudServerError(error) && error.code === 'deadline_exceeded');
