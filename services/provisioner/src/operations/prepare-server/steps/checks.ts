import type { CloudServer } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import type { StepWork } from '@alfa-cloud/operations';
import { label, serverStep } from '@alfa-cloud/servers';
import type { Clock } from '@alfa-cloud/service-kit';
import { final } from '../../../on-server/failures.ts';
import { clockWrong, dockerTooOld } from '../../../on-server/fitness.ts';
import { serverNames, serverPaths } from '../../../on-server/names.ts';
import { rootOwnershipText } from '../../../on-server/owned-directory.ts';
import type { Preparation, PreparationConfig } from '../../../on-server/preparation.ts';

const checkMs = 60_000;

/** Few attempts: somebody waits for the answer. */
export const hostKeyStep: StepWork<Preparation> = serverStep({
  deadlineMs: checkMs,
  attempts: 4,
  async act({ cloud: { access } }, { signal }) {
    if (access.kind === 'local') return 'The server is the machine of Alfa Cloud itself';
    const { fingerprint, text } = await access.connect({ signal });
    await access.makeRoot({ signal });
    const through = access.jump === null ? '' : ` through the jump host ${access.jump.server}`;
    return `${access.server} lets us in${through}; its host key is ${fingerprint} (${text.split(' ')[0]})`;
  },
});

export const reachableStep: StepWork<Preparation> = serverStep({
  deadlineMs: checkMs,
  attempts: 4,
  async act({ cloud }, { signal, output }) {
    try {
      await cloud.docker.ping({ signal });
    } finally {
      output(triedWays(cloud));
    }
    const way = cloud.access.kind === 'local' ? undefined : cloud.access.dockerWays.at(-1)?.way;
    return `The Docker Engine answers${way === undefined ? '' : ` by ${way}`}`;
  },
});

const triedWays = ({ access }: CloudServer): string =>
  access.kind === 'local'
    ? ''
    : access.dockerWays.map(({ way, failure }) => `${way}: ${failure ?? 'leads to Docker'}\n`).join('');

export const dockerVersionStep: StepWork<Preparation> = serverStep({
  deadlineMs: checkMs,
  async act({ cloud }, { signal }) {
    const { version, operatingSystem } = await cloud.docker.info({ signal });
    const tooOld = dockerTooOld(version);
    if (tooOld !== null) throw final('docker_too_old', tooOld);
    return `Docker ${version} on ${operatingSystem}`;
  },
});

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

export const diskStep = ({ freeBytesMin }: PreparationConfig): StepWork<Preparation> =>
  serverStep({
    deadlineMs: checkMs,
    async act({ cloud }, { signal }) {
      const { diskFreeBytes } = await cloud.measure({ signal });
      if (diskFreeBytes === null) throw final('disk_unknown', message`The free space could not be measured`);
      if (diskFreeBytes < freeBytesMin) {
        const words = message`${gibibytes(diskFreeBytes)} are free, ${gibibytes(freeBytesMin)} are needed`;
        throw final('disk_too_full', words);
      }
      return `${gibibytes(diskFreeBytes)} are free`;
    },
  });

export const clockStep = ({ clockSkewMaxMs }: PreparationConfig, clock: Clock): StepWork<Preparation> =>
  serverStep({
    deadlineMs: checkMs,
    async act({ cloud }, { signal }) {
      const { systemTime } = await cloud.docker.info({ signal });
      const skewMs = systemTime.getTime() - clock().getTime();
      const wrong = clockWrong(skewMs, clockSkewMaxMs);
      if (wrong !== null) throw final('clock_wrong', wrong);
      return `The clock is right within ${Math.round(Math.abs(skewMs) / 1000) + 1} s`;
    },
  });

/** Two registrations of one engine, or of one root directory, would undo each other's work. */
export const engineFreeStep: StepWork<Preparation> = serverStep({
  deadlineMs: checkMs,
  async act({ cloud, server }, { signal }) {
    const network = await cloud.docker.network(serverNames.network, { signal });
    const owner = network?.labels[label.server];
    if (owner !== undefined && owner !== server.id) {
      throw final('engine_in_use', message`The Docker Engine is managed as server ${owner} already`);
    }
    const marker = await cloud.files.read(serverPaths.owner, { signal });
    if (marker !== null && marker !== rootOwnershipText(server.id)) {
      throw final(
        'root_in_use',
        message`${cloud.files.absolute(serverPaths.owner)} belongs to another server of Alfa Cloud`,
      );
    }
    return 'Nobody else manages this server';
  },
});
