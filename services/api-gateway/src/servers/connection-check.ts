import { type RegisterServer, type ServerCheck, type MetaOf } from '@alfa-cloud/contracts';
import type { StartedOperation } from '../commands/send-command.ts';

/** A check of a connection takes at most 15 s; then its outcome has to get here. */
const answerMs = 20_000;

/** A connection over ssh is checked before it counts, and the sender waits for what comes of that. */
export const answerTimeOf = (
  connection: RegisterServer['connection'] | undefined,
): Pick<StartedOperation, 'answerMs'> => (connection?.kind === 'ssh' ? { answerMs } : {});

/** `meta.connection`: what was found; nothing for this machine itself. */
export const presentCheck = (check: ServerCheck | undefined): { connection?: MetaOf<'connection'> } =>
  check === undefined
    ? {}
    : {
        connection: {
          hostKeyFingerprint: check.hostKeyFingerprint,
          jump: check.jump ?? null,
          dockerWay: check.dockerWay,
          mayUseDocker: check.mayUseDocker,
          maySudo: check.maySudo,
          dockerVersion: check.dockerVersion,
          operatingSystem: check.operatingSystem,
          architecture: check.architecture,
          cpus: check.cpus,
          memoryBytes: check.memoryBytes,
          diskTotalBytes: check.diskTotalBytes,
          diskFreeBytes: check.diskFreeBytes,
          clockOffsetMs: check.clockOffsetMs,
        },
      };
