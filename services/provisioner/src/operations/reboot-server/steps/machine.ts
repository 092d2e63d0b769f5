import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { message, wordsOf, type Message } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { final } from '../../../on-server/failures.ts';
import type { Preparation } from '../../../on-server/preparation.ts';
import type { RebootConfig } from '../../../on-server/reboot-config.ts';
import { lastRebootMs, readDrained } from '../../../on-server/drained.ts';
import { quietMs, timeLeft, untilOrLate } from './waiting.ts';

interface MachineDeps {
  store: EventStore;
  reboot: Pick<RebootConfig, 'backMs'>;
}

const slackMs = 120_000;
/** Longest wait for one answer, ms. */
const askMs = 5000;

/** Waits until the server lets us in and tells another boot id than before. */
export const machineStep = ({ store, reboot }: MachineDeps): StepWork<Preparation> =>
  serverStep({
    deadlineMs: reboot.backMs + slackMs,
    quietMs,
    async act({ server, cloud }, { operationId, output, signal }) {
      const { bootId } = await readDrained(store, server.id, operationId);
      const lastMs = await lastRebootMs(store, server.id);
      const seconds = reboot.backMs / 1000;
      await untilOrLate(
        { deadlineMs: reboot.backMs, output, signal },
        () => whyNotBack(cloud, bootId, signal),
        (why, waitedMs) =>
          why === 'still up'
            ? 'The server is still up, as before'
            : `The server does not answer${timeLeft(lastMs, waitedMs)}`,
        (why) =>
          why === 'still up'
            ? final(
                'not_rebooted',
                message`The server has the same boot id as before ${seconds} s after it was asked for its reboot: it has not been rebooted`,
              )
            : final(
                'server_not_back',
                message`The server has not come back within ${seconds} s after its reboot: ${why}`,
              ),
      );
      return 'The server is back with another boot id';
    },
  });

const whyNotBack = async (
  cloud: CloudServer,
  before: string,
  signal: AbortSignal,
): Promise<Message | 'still up' | null> => {
  const { access } = cloud;
  if (access.kind === 'ssh') {
    const away = await failureOf(() => access.connect({ signal, deadlineMs: askMs }));
    if (away !== null) return away;
  }
  const { bootId } = await cloud.measure({ signal, deadlineMs: askMs });
  if (bootId === null) return message`it does not tell its boot id`;
  return bootId === before ? 'still up' : null;
};

/** Waits until the Docker Engine answers. */
export const dockerStep = ({ backMs }: Pick<RebootConfig, 'backMs'>): StepWork<Preparation> =>
  serverStep({
    deadlineMs: backMs + slackMs,
    quietMs,
    async act({ cloud }, { output, signal }) {
      await untilOrLate(
        { deadlineMs: backMs, output, signal },
        () => failureOf(() => cloud.docker.ping({ signal, deadlineMs: askMs })),
        () => 'The Docker Engine does not answer yet',
        (why) =>
          final(
            'docker_not_back',
            message`The Docker Engine has not come back within ${backMs / 1000} s after the reboot: ${why}`,
          ),
      );
      return 'The Docker Engine answers';
    },
  });

/** Null when it works. What is wrong for good, as another host key, is thrown. */
const failureOf = async (act: () => Promise<unknown>): Promise<Message | null> => {
  try {
    await act();
    return null;
  } catch (error) {
    if (!isCloudServerError(error) || error.code === 'host_key_changed') throw error;
    return wordsOf(error);
  }
};
