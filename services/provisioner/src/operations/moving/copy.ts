import type { StepIo, StepWork } from '@alfa-cloud/operations';
import { serverStep } from '../steps/server-step.ts';
import type { MoveConfig } from '../../on-server/move-config.ts';
import type { Moving } from './moving.ts';
import { progressLines } from './progress.ts';
import type { Transfer, TransferIo } from '../../resources/transfer/client-transfer.ts';
import type { Sizes } from './check.ts';

/** Longest time at work without a line of progress, ms. */
const quietMs = 600_000;

/** Steps that copy the data. What they have brought to the new server goes with all that is there. */
export const copySteps = (transfer: Transfer, { deadlineMs }: MoveConfig, sizes: Sizes) => {
  const copying = (
    what: string,
    totalOf: () => number | null,
    act: (moving: Moving, io: TransferIo) => Promise<string>,
  ): StepWork<Moving> =>
    serverStep({
      cancellable: true,
      deadlineMs,
      quietMs: Math.min(quietMs, deadlineMs),
      act: (moving, io) => act(moving, { ...plain(io), onProgress: progressLines(io, what, totalOf()) }),
    });
  const ofStorage = () => sizes.measured?.storageBytes ?? null;
  return {
    storage: copying('storage', ofStorage, async ({ from, to }, io) => {
      const { bytes, files } = await transfer.copyStorage(from, to, 'first', io);
      return `${files} files, ${inMib(bytes)} sent`;
    }),
    storage_rest: copying(
      'storage',
      () => null,
      async ({ from, to }, io) => {
        const { bytes, files } = await transfer.copyStorage(from, to, 'last', io);
        return `${files} files, ${inMib(bytes)} sent`;
      },
    ),
    database: copying(
      'database',
      () => sizes.measured?.databaseBytes ?? null,
      async ({ from, to }, io) => {
        const { tables, rows, warnings } = await transfer.copyDatabase(from, to, io);
        const broken = warnings.map(({ kind, name }) => `${kind} ${name}`).join(', ');
        return `${tables} tables, ${rows} rows${broken === '' ? '' : `; as broken as before: ${broken}`}`;
      },
    ),
    verify: copying(
      'compared',
      () => null,
      ({ from, to }, io) => transfer.verify(from, to, io),
    ),
  };
};

const plain = ({ operationId, signal }: StepIo): TransferIo => ({ operationId, signal });

const inMib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
