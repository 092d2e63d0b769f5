import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { MoveConfig } from '../../on-server/move-config.ts';
import type { Transfer, TransferIo } from '../../resources/transfer/client-transfer.ts';
import type { Moving } from './moving.ts';
import { transferIo } from '../steps/transfer-io.ts';

/** Longest time at work without a line of progress, ms. */
const quietMs = 3_600_000;

/** Steps that copy the data. What they have brought to the new server goes with all that is there. */
export const copySteps = (transfer: Transfer, { deadlineMs }: MoveConfig) => {
  const copying = (
    what: string,
    act: (moving: Moving, io: TransferIo & Pick<StepIo, 'output'>) => Promise<string>,
  ): StepWork<Moving> =>
    serverStep({
      cancellable: true,
      deadlineMs,
      quietMs: Math.min(quietMs, deadlineMs),
      act: (moving, io) => act(moving, transferIo(io, what)),
    });
  const storage = (pass: 'first' | 'last') =>
    copying('storage', async ({ from, to }, io) => {
      const { sent, removed, bytes } = await transfer.copyStorage(from, to, pass, io);
      return `${sent} names sent, ${inMib(bytes)}; ${removed} removed`;
    });
  return {
    storage: storage('first'),
    storage_rest: storage('last'),
    database: copying('database', async ({ from, to }, io) => {
      const { tables, bytes, warnings } = await transfer.copyDatabase(from, to, deadlineMs, io);
      const broken = warnings.map(({ kind, name }) => `${kind} ${name}`).join(', ');
      return `${tables} tables, ${inMib(bytes)} sent${broken === '' ? '' : `; as broken as before: ${broken}`}`;
    }),
    verify: copying('compared', ({ from, to }, io) => transfer.verify(from, to, io)),
  };
};

const inMib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
