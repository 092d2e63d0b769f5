import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { labelsOf } from '@alfa-cloud/servers';
import { errorMessage, errorName, type Logger } from '@alfa-cloud/service-kit';
import { serverNames } from '../../on-server/names.ts';
import type { Preparation, PreparationConfig } from '../../on-server/preparation.ts';
import type { ProxyFiles } from '../../resources/server/proxy-files.ts';
import { databaseContainer } from '../../resources/server/database-container.ts';
import { proxyContainer } from '../../resources/server/proxy-container.ts';
import { serverFiles } from '../../resources/server/server-files.ts';
import type { Finding, FindingCode } from './finding.ts';

export interface MendingDeps {
  preparationConfig: PreparationConfig;
  proxyFiles: ProxyFiles;
  logger: Logger;
}

interface Mending {
  /** Whether it mends this finding. */
  isFor: (finding: Finding) => boolean;
  act: (deps: MendingDeps, preparation: Preparation, signal: AbortSignal) => Promise<unknown>;
}

const isOneOf =
  (codes: readonly FindingCode[], about?: string) =>
  (finding: Finding): boolean =>
    codes.includes(finding.code) && (about === undefined || finding.about === about);

const { network, database, databaseVolume, proxy } = serverNames;

/** Findings after which a running proxy has to load its files. */
const toBeLoaded = [
  'proxy_configuration_changed',
  'proxy_configuration_refused',
  'proxy_configuration_not_loaded',
] as const satisfies FindingCode[];

const doesNotRun = ['container_missing', 'container_not_running'] as const satisfies FindingCode[];

/** Findings after which the proxy is started, which loads its files. */
const isProxyToBeStarted = isOneOf([...doesNotRun, 'mount_lost'], proxy);

/** In this order, since each needs the ones before it. */
const mendings = (findings: readonly Finding[]): Mending[] => {
  const startsProxy = findings.some(isProxyToBeStarted);
  // An empty volume in its place would look like a database that works, and hide that all data is gone.
  const hasData = !findings.some(isOneOf(['volume_missing'], databaseVolume));
  return [
    {
      isFor: isOneOf(['network_missing'], network),
      act: (_deps, { cloud, origin }, signal) =>
        cloud.docker.createNetwork(network, { labels: labelsOf(origin) }, { signal }),
    },
    {
      isFor: isOneOf(['directory_missing', 'file_changed']),
      act: (_deps, preparation, signal) => serverFiles(preparation).ensure({ signal }),
    },
    {
      isFor: isOneOf(['container_detached']),
      act: ({ preparationConfig }, preparation, signal) =>
        attach(preparation, preparationConfig, findings, signal),
    },
    {
      isFor: (finding) => hasData && isOneOf(doesNotRun, database)(finding),
      act: ({ preparationConfig }, preparation, signal) =>
        databaseContainer(preparation, preparationConfig).start({ signal }),
    },
    {
      isFor: (finding) => startsProxy && (isProxyToBeStarted(finding) || isOneOf(toBeLoaded)(finding)),
      async act({ preparationConfig, proxyFiles }, preparation, signal) {
        await proxyFiles.write(preparation, signal);
        // A mount is bound when the container starts: until then the proxy would load the removed directory at each change of a client.
        if (findings.some(isOneOf(['mount_lost'], proxy))) {
          await preparation.cloud.docker.stopContainer(proxy, { signal });
        }
        await proxyContainer(preparation, preparationConfig).start({ signal });
      },
    },
    {
      isFor: (finding) => !startsProxy && isOneOf(toBeLoaded)(finding),
      act: ({ proxyFiles }, preparation, signal) => proxyFiles.load(preparation, signal),
    },
  ];
};

const attach = async (
  preparation: Preparation,
  config: PreparationConfig,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<void> => {
  for (const container of [databaseContainer(preparation, config), proxyContainer(preparation, config)]) {
    const isDetached = isOneOf(['container_detached'], container.name);
    if (findings.some(isDetached)) await container.attach({ signal });
  }
};

/** Where another installation manages the same engine or root directory, nothing is mended: the two would undo each other's work. */
const isForeign = isOneOf(['network_foreign', 'root_foreign']);

/**
 * Puts right what can be put right without interrupting clients who are served: missing networks, directories, files of Alfa Cloud's own,
 * containers that do not run. A container that runs and differs is left to a preparation.
 * @param mayTry whether this finding may be worked on now
 * @returns the findings whose mending did not fail; a look afterwards tells which are gone
 */
export const mend = async (
  deps: MendingDeps,
  preparation: Preparation,
  findings: readonly Finding[],
  { mayTry, signal }: { mayTry: (finding: Finding) => boolean; signal: AbortSignal },
): Promise<Finding[]> => {
  if (findings.some(isForeign)) return [];
  const workedOn: Finding[] = [];
  for (const { isFor, act } of mendings(findings)) {
    const meant = findings.filter(isFor);
    if (meant.filter(mayTry).length === 0) continue;
    try {
      await act(deps, preparation, signal);
      workedOn.push(...meant);
    } catch (error) {
      if (!isKnownFailure(error)) throw error;
      const codes = meant.map(({ code }) => code);
      deps.logger.warn(
        { serverId: preparation.server.id, codes, reason: preparation.redact(errorMessage(error)) },
        'server not mended',
      );
    }
  }
  return workedOn;
};

const isKnownFailure = (error: unknown): boolean =>
  isCloudServerError(error) || errorName(error) === 'StepFailure';
