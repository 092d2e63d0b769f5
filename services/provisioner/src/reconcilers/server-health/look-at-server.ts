import { joined, message } from '@alfa-cloud/contracts';
import { label } from '@alfa-cloud/servers';
import { isEngineThere } from '../engine.ts';
import { serverNames, serverPaths } from '../../on-server/names.ts';
import { proxyConfigurationFile } from '../../resources/proxy/proxy-file.ts';
import type { Preparation, PreparationConfig } from '../../on-server/preparation.ts';
import { serverNetwork } from '../../resources/network/server-network.ts';
import { isConfigurationRight } from '../../resources/proxy/proxy-configuration.ts';
import { databaseContainer } from '../../resources/server/database-container.ts';
import { proxyContainer } from '../../resources/server/proxy-container.ts';
import { serverFiles, type WrongFiles } from '../../resources/server/server-files.ts';
import { volume } from '../../resources/volume/volume.ts';
import type { ServerContainer } from '../../resources/server/server-container.ts';
import type { Restarts } from './crash-loop.ts';
import { lookAtContainer } from './look-at-container.ts';
import { whyAway } from './why-away.ts';
import { finding, type Finding } from './finding.ts';
import { answersSql, lookAtLoadedProxy, proxyAnswers } from './look-inside.ts';

/** What one look at a server has seen. */
export interface Seen {
  findings: Finding[];
  /** Of the server's own containers, by name. */
  restarts: Readonly<Record<string, Restarts | undefined>>;
}

/**
 * Compares what Alfa Cloud has put on a server with what is there, and sees whether it works. Changes nothing.
 * @param earlier the look before, if there was one: a container that has ended since is not taken for a running one
 * @throws CloudServerError when the engine goes away meanwhile
 */
export const lookAtServer = async (
  preparation: Preparation,
  config: PreparationConfig,
  signal: AbortSignal,
  earlier?: Seen,
): Promise<Seen> => {
  const { cloud, server } = preparation;
  if (!(await isEngineThere(cloud, signal))) {
    const isServed = (await proxyAnswers(cloud, server, signal)) !== null;
    const { code, words } = whyAway(cloud);
    const proxy = isServed ? message`the proxy answers` : message`the proxy does not answer either`;
    const findings = [finding(code, 'engine', joined([words, proxy], '; '), { isDown: !isServed })];
    return { findings, restarts: earlier?.restarts ?? {} };
  }
  const lookAt = (container: ServerContainer) =>
    lookAtContainer(preparation, container, earlier?.restarts[container.name], { signal });
  const [onDisk, network, ofVolume, database, proxy] = await Promise.all([
    lookAtDisk(preparation, signal),
    lookAtNetwork(preparation, signal),
    lookAtVolume(preparation, signal),
    lookAt(databaseContainer(preparation, config)),
    lookAt(proxyContainer(preparation, config)),
  ]);
  // Statements need the password file, which a lost mount hides.
  const canBeAsked = database.isRunning && !database.findings.some(({ code }) => code === 'mount_lost');
  const [sql, loaded] = await Promise.all([
    canBeAsked ? answersSql(preparation, signal) : [],
    proxy.isRunning ? lookAtLoadedProxy(preparation, signal) : [],
  ]);
  return {
    findings: [
      ...network,
      ...ofVolume,
      ...onDisk,
      ...database.findings,
      ...sql,
      ...proxy.findings,
      ...loaded,
    ],
    restarts: { [serverNames.database]: database.restarts, [serverNames.proxy]: proxy.restarts },
  };
};

const lookAtDisk = async (preparation: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const { missingDirectories, changedFiles } = await serverFiles(preparation).inspect({ signal });
  const isProxyRight = await isConfigurationRight(preparation.cloud, { signal });
  return [
    ...missingDirectories.map((path) =>
      finding('directory_missing', path, message`Directory ${path} is not there`),
    ),
    ...changedFiles.map(fileFinding),
    ...(isProxyRight ? [] : [proxyConfigurationChanged]),
  ];
};

const fileFinding = ({ path, isThere }: WrongFiles['changedFiles'][number]): Finding => {
  if (path === serverPaths.owner && isThere) {
    const words = message`File ${path} says that the directory belongs to another server of Alfa Cloud`;
    return finding('root_foreign', path, words);
  }
  return finding(
    'file_changed',
    path,
    message`File ${path} is not there or not as Alfa Cloud has written it`,
  );
};

const proxyConfigurationChanged = finding(
  'proxy_configuration_changed',
  proxyConfigurationFile.path,
  message`File ${proxyConfigurationFile.path} is not there or not as it should be`,
);

const lookAtNetwork = async (preparation: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const name = serverNames.network;
  const network = await serverNetwork(preparation).inspect({ signal });
  if (network === null) return [finding('network_missing', name, message`Network ${name} is not there`)];
  if (network.labels[label.server] === preparation.server.id) return [];
  return [
    finding('network_foreign', name, message`Network ${name} was not made by Alfa Cloud for this server`),
  ];
};

const lookAtVolume = async ({ cloud, origin }: Preparation, signal: AbortSignal): Promise<Finding[]> => {
  const name = serverNames.databaseVolume;
  if ((await volume(cloud, name, origin).inspect({ signal })) !== null) return [];
  const words = message`Volume ${name} with the data of all clients is not there`;
  return [finding('volume_missing', name, words, { isDown: true })];
};
