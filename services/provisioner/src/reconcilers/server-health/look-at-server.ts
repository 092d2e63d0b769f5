import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { isEngineThere } from '../availability/look.ts';
import { label } from '../../on-server/labels.ts';
import { serverNames, serverPaths } from '../../on-server/names.ts';
import { proxyConfigurationFile } from '../../resources/proxy/change-queue.ts';
import { proxyConfiguration } from '../../on-server/proxy-configuration.ts';
import type { Preparation, PreparationSettings } from '../../on-server/preparation.ts';
import {
  wantedDatabase,
  wantedDirectories,
  wantedFiles,
  wantedProxy,
} from '../../resources/server/wanted.ts';
import { lookAtContainer } from './look-at-container.ts';
import { finding, type Finding } from './finding.ts';
import { answersSql, lookAtLoadedProxy, proxyAnswers } from './look-inside.ts';

/**
 * Compares what Alfa Cloud has put on a server with what is there, and sees whether it works. Changes nothing.
 * @throws CloudServerError when the engine goes away meanwhile
 */
export const lookAtServer = async (
  preparation: Preparation,
  settings: PreparationSettings,
  signal: AbortSignal,
): Promise<Finding[]> => {
  const { cloud, server } = preparation;
  if (!(await isEngineThere(cloud, signal))) {
    const isServed = (await proxyAnswers(cloud, server, signal)) !== null;
    const words = `The Docker Engine does not answer${isServed ? '; the proxy does' : ', nor does the proxy'}`;
    return [finding('engine_unreachable', 'engine', words, { isDown: !isServed })];
  }
  const [onDisk, network, volume, database, proxy] = await Promise.all([
    lookAtDisk(preparation, signal),
    lookAtNetwork(preparation, signal),
    lookAtVolume(preparation, signal),
    lookAtContainer(preparation, wantedDatabase(preparation, settings), signal),
    lookAtContainer(preparation, wantedProxy(preparation, settings), signal),
  ]);
  // Without its password file nobody can tell by a statement how the database is.
  const canBeAsked = database.isRunning && !database.findings.some(({ code }) => code === 'mount_lost');
  const [sql, loaded] = await Promise.all([
    canBeAsked ? answersSql(preparation, signal) : [],
    proxy.isRunning ? lookAtLoadedProxy(preparation, signal) : [],
  ]);
  return [...network, ...volume, ...onDisk, ...database.findings, ...sql, ...proxy.findings, ...loaded];
};

const lookAtDisk = async (preparation: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const { files } = preparation.cloud;
  const directories = wantedDirectories.map(async ({ path }) =>
    (await files.list(path, { signal })) === null
      ? [finding('directory_missing', path, `Directory ${path} is not there`)]
      : [],
  );
  const contents = wantedFiles(preparation).map(async ({ path, text }) => {
    const found = await read(preparation, path, signal);
    if (found === text) return [];
    if (path === serverPaths.owner && found !== null) {
      const words = `File ${path} says that the directory belongs to another server of Alfa Cloud`;
      return [finding('root_foreign', path, words)];
    }
    return [finding('file_changed', path, `File ${path} is not there or not as Alfa Cloud has written it`)];
  });
  const { path } = proxyConfigurationFile;
  const words = `File ${path} is not there or not as it should be`;
  const isProxyRight = (await read(preparation, path, signal)) === proxyConfiguration();
  return [
    ...(await Promise.all([...directories, ...contents])).flat(),
    ...(isProxyRight ? [] : [finding('proxy_configuration_changed', path, words)]),
  ];
};

/** Null as well for what is there and is no file. */
const read = async ({ cloud }: Preparation, path: string, signal: AbortSignal): Promise<string | null> => {
  try {
    return await cloud.files.read(path, { signal });
  } catch (error) {
    if (isCloudServerError(error) && error.kind === 'final') return null;
    throw error;
  }
};

const lookAtNetwork = async ({ cloud, server }: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const name = serverNames.network;
  const network = await cloud.docker.network(name, { signal });
  if (network === null) return [finding('network_missing', name, `Network ${name} is not there`)];
  if (network.labels[label.server] === server.id) return [];
  return [finding('network_foreign', name, `Network ${name} was not made by Alfa Cloud for this server`)];
};

const lookAtVolume = async ({ cloud }: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const name = serverNames.databaseVolume;
  if ((await cloud.docker.volume(name, { signal })) !== null) return [];
  const words = `Volume ${name} with the data of all clients is not there`;
  return [finding('volume_missing', name, words, { isDown: true })];
};
