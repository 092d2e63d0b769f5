import { serverNames, serverPaths } from '../../on-server/names.ts';
import { proxyPlan } from '../../on-server/plans.ts';
import type { Preparation, PreparationConfig } from '../../on-server/preparation.ts';
import { serverContainer, type ServerContainer } from './server-container.ts';

/** The container of the server's proxy, as the configuration wants it now. */
export const proxyContainer = (
  { cloud, origin, server }: Pick<Preparation, 'cloud' | 'origin' | 'server'>,
  { proxyImage }: Pick<PreparationConfig, 'proxyImage'>,
): ServerContainer =>
  serverContainer(
    cloud,
    {
      name: serverNames.proxy,
      spec: proxyPlan({
        image: proxyImage,
        httpPort: server.proxy.httpPort,
        configurationDirectory: cloud.files.absolute(serverPaths.proxyConfiguration),
        clientsDirectory: cloud.files.absolute(serverPaths.clients),
        origin,
      }),
      paths: [serverPaths.proxyConfiguration, serverPaths.clients],
    },
    origin,
  );
