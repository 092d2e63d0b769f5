import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { message, wordsOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { final } from '../../../on-server/failures.ts';
import type { Preparation } from '../../../on-server/preparation.ts';
import type { RebootConfig } from '../../../on-server/reboot-config.ts';
import { readDrained } from '../../../on-server/drained.ts';
import { quietMs, untilOrLate } from './waiting.ts';

interface RebootDeps {
  store: EventStore;
  reboot: RebootConfig;
}

const slackMs = 60_000;

/**
 * Asks for the reboot. It may be asked for again after a crash: the server compares its boot id with the recorded one, so that one that has been
 * rebooted meanwhile is left alone, and one that is on its way down is waited for.
 */
export const rebootStep = ({ store, reboot }: RebootDeps): StepWork<Preparation> =>
  serverStep({
    pointOfNoReturn: true,
    deadlineMs: reboot.backMs + slackMs,
    quietMs,
    async act({ server, cloud }, { operationId, output, signal }) {
      const { bootId } = await readDrained(store, server.id, operationId);
      const command = cloud.access.kind === 'local' ? reboot.localCommand : reboot.command;
      await untilOrLate(
        { deadlineMs: reboot.backMs, output, signal },
        async () => {
          try {
            await cloud.reboot({ bootId, command }, { signal });
            return null;
          } catch (error) {
            if (!isCloudServerError(error) || error.kind === 'final') throw error;
            return wordsOf(error);
          }
        },
        ({ template }) => `The server can not be asked for its reboot: ${template}`,
        (why) => final('server_unreachable', message`The server could not be asked for its reboot: ${why}`),
      );
      return 'The server was asked for its reboot';
    },
  });
