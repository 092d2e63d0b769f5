import {
  isCloudServerError,
  type CloudServer,
  type EngineInfo,
  type ServerAccess,
  type ServerSurvey,
  type SshAccess,
} from '@alfa-cloud/cloud-server';
import {
  Rejection,
  told,
  type Fault,
  type FaultCode,
  type Message,
  type ServerCheck,
} from '@alfa-cloud/contracts';
import type { CheckedServer } from '@alfa-cloud/servers';
import type { Clock } from '@alfa-cloud/service-kit';
import { clockWrong, dockerTooOld } from '../../on-server/fitness.ts';
import type { PreparationConfig } from '../../on-server/preparation.ts';
import { atHost, connectionFault, dockerFault, noAnswerInTime, rootFaults } from './connection-faults.ts';

/** Longest time of a check, ms: somebody waits for its answer. */
const checkMs = 15_000;

export interface CheckDeps {
  preparation: Pick<PreparationConfig, 'clockSkewMaxMs'>;
  clock: Clock;
}

/**
 * Looks at a server before its connection counts: whether it is who it should be, lets us in, and can be worked with. Changes nothing there.
 * @throws Rejection with all that speaks against it: each cause with its cure and its place in the request
 */
export const checkServer = async (
  deps: CheckDeps,
  cloud: CloudServer,
  outer: AbortSignal,
): Promise<CheckedServer> => {
  const late = AbortSignal.timeout(checkMs);
  try {
    return await look(deps, cloud, AbortSignal.any([outer, late]));
  } catch (error) {
    outer.throwIfAborted();
    if (late.aborted) throw new Rejection([noAnswerInTime(cloud.access, checkMs)]);
    if (isCloudServerError(error)) throw new Rejection([connectionFault(cloud.access, error)]);
    throw error;
  }
};

const look = async (
  { preparation, clock }: CheckDeps,
  cloud: CloudServer,
  signal: AbortSignal,
): Promise<CheckedServer> => {
  const { access } = cloud;
  const hostKey = access.kind === 'local' ? null : await access.connect({ signal });
  const jump = access.kind === 'local' ? null : await jumpOf(access, signal);
  const survey = access.kind === 'local' ? onThisMachine : await access.survey({ signal });
  const ofRoot = rootFaults(access, survey);
  const info = await cloud.docker.info({ signal }).catch((error: unknown) => {
    const fault = dockerFault(access, survey, error);
    if (fault === null || signal.aborted) throw error;
    throw new Rejection([fault, ...ofRoot]);
  });
  const clockOffsetMs = info.systemTime.getTime() - clock().getTime();
  const faults = [
    ...faultIf('docker_too_old', dockerTooOld(info.version)),
    ...faultIf('clock_wrong', clockWrong(clockOffsetMs, preparation.clockSkewMaxMs)),
    ...ofRoot,
  ];
  if (faults.length > 0) throw new Rejection(faults);
  const { diskTotalBytes, diskFreeBytes } = await cloud.measure({ signal });
  const check: ServerCheck = {
    ...factsIn(info),
    hostKeyFingerprint: hostKey?.fingerprint ?? null,
    ...(jump === null ? {} : { jump: { hostKeyFingerprint: jump.hostKey.fingerprint } }),
    dockerWay: dockerWayOf(access),
    mayUseDocker: survey.mayUseDocker,
    maySudo: survey.maySudo,
    diskTotalBytes,
    diskFreeBytes,
    clockOffsetMs,
  };
  const publicKey = access.kind === 'local' ? null : await access.publicKey();
  return {
    check,
    hostKey: hostKey?.text ?? null,
    publicKey,
    ...(jump === null ? {} : { jump: { hostKey: jump.hostKey.text, publicKey: jump.publicKey } }),
  };
};

/** The jump host over which the server was reached just now. */
const jumpOf = async ({ jump }: SshAccess, signal: AbortSignal) =>
  jump && { hostKey: await jump.connect({ signal }), publicKey: await jump.publicKey() };

/** This process does what is done there, with its own rights. */
const onThisMachine: ServerSurvey = {
  hasDocker: true,
  hasDockerClient: true,
  mayUseDocker: true,
  maySudo: false,
  root: 'usable',
};

const faultIf = (code: FaultCode, words: Message | null): Fault[] =>
  words === null ? [] : [{ code, ...told(words), pointer: atHost }];

/** The part of what an engine tells that is recorded. */
export const factsIn = ({
  version,
  engineId,
  operatingSystem,
  architecture,
  cpus,
  memoryBytes,
}: EngineInfo) => ({ dockerVersion: version, engineId, operatingSystem, architecture, cpus, memoryBytes });

const dockerWayOf = (access: ServerAccess): string | null =>
  access.kind === 'local' ? null : (access.dockerWays.at(-1)?.way ?? null);
