import type { StepIo } from '@alfa-cloud/operations';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { isTransient } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { Transfer, TransferIo } from '../../resources/transfer/client-transfer.ts';

/** What a transfer of a client's data needs of a step, whose operation tells then how far it is. */
export const transferIo = (
  { operationId, signal, output, transfer }: StepIo,
  what: string,
): TransferIo & Pick<StepIo, 'output'> => {
  let totalBytes: number | null = null;
  return {
    operationId,
    signal,
    output,
    onTotal: (bytes) => (totalBytes = bytes),
    onProgress: (bytes) => transfer({ what, bytes, totalBytes }),
  };
};

/**
 * Ends what a transfer has left at work where the data come from, once all else is taken back. A server that does not answer is not waited for: what
 * reads there has nobody to send to, and its container ends by itself.
 * @returns a sentence for the log
 */
export const endAtSource = async (
  transfer: Pick<Transfer, 'end'>,
  source: ClientOnServer,
  io: TransferIo,
): Promise<string> => {
  try {
    await transfer.end(source, source, io);
    return 'Nothing of the transfer is at work';
  } catch (error) {
    io.signal.throwIfAborted();
    const isAway = isCloudServerError(error) ? error.kind === 'transient' : isTransient(error);
    if (!isAway) throw error;
    return `Server ${source.server.name} does not answer: what the transfer has left there ends by itself`;
  }
};
