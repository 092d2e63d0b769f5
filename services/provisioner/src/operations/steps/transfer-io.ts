import type { StepIo } from '@alfa-cloud/operations';
import type { TransferIo } from '../../resources/transfer/client-transfer.ts';

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
