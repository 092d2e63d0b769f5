import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { message, told, wordsOf, type Fault, type Message } from '@alfa-cloud/contracts';
import type { StepFailure, StepIo } from '@alfa-cloud/operations';
import { errorName } from '@alfa-cloud/service-kit';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Measured, Transfer } from '../../resources/transfer/client-transfer.ts';

/**
 * Measures a client for a plan. A client that can't be measured is an obstacle: `transfer_impossible` when measuring would fail again, else
 * `server_unreachable`, also when the time that `signal` allows is over. An error of any other kind is thrown.
 */
export const measuredOrFault = async (
  transfer: Pick<Transfer, 'measure'>,
  client: ClientOnServer,
  io: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<Measured | { fault: Fault }> => {
  try {
    return await transfer.measure(client, io);
  } catch (error) {
    if (io.signal.aborted) return { fault: faultOf('server_unreachable', message`it takes too long`) };
    if (isCloudServerError(error)) return { fault: faultOf('server_unreachable', wordsOf(error)) };
    if (errorName(error) !== 'StepFailure') throw error;
    const { kind, words } = error as StepFailure;
    return { fault: faultOf(kind === 'final' ? 'transfer_impossible' : 'server_unreachable', words) };
  }
};

const faultOf = (code: 'server_unreachable' | 'transfer_impossible', why: Message): Fault => ({
  code,
  ...told(message`The client could not be measured: ${why}`),
});
