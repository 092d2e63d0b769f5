import { joined } from '@alfa-cloud/contracts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { scriptOf } from '../../on-server/database-script.ts';
import { endCommand } from '../../on-server/end-command.ts';
import { differenceOfStorages } from './compare.ts';
import type { Transfer, TransferIo } from './client-transfer.ts';
import { copyDatabase } from './database.ts';
import { measureClient } from './measure.ts';
import { copyStorage, verifyStorage } from './storage.ts';
import { removeTransferContainer } from './transfer-container.ts';
import { tableDifferences, verifyDatabase } from './verify-database.ts';

/** Data go by streams from one server to the other, through this process's memory. */
export const transferBetweenServers: Transfer = {
  async measure(client, io) {
    const { database, storage, obstacles } = await measureClient(client, io);
    return {
      databaseBytes: database.bytes,
      storageBytes: storage.bytes,
      files: storage.files,
      obstacles: obstacles.map(({ kind, name, reason }) => joined([`${kind} ${name}`, reason], ': ')),
    };
  },
  async copyStorage(from, to, pass, io) {
    const { operationId, onTotal, ...rest } = io;
    const onPlan = ({ bytes }: { bytes: number }) => onTotal?.(bytes);
    return copyStorage(from, to, { operationId, pass, onPlan }, rest);
  },
  copyDatabase: (from, to, deadlineMs, io) => copyDatabase(from, to, { deadlineMs }, io),
  async verify(from, to, io) {
    const [database, storage] = await Promise.all([
      verifyDatabase(from, to, io),
      verifyStorage(from, to, io),
    ]);
    await end(from, to, io);
    return `The same on both servers: ${database.tables} tables with ${database.rows} rows, ${storage.names} files and directories`;
  },
  async compare(before, now, io) {
    const tables = await tableDifferences(before, now, io);
    const files = await differenceOfStorages(before, now, io);
    await end(before, now, io);
    return { tables, files };
  },
  end: (from, to, io) => end(from, to, io),
};

const end = async (from: ClientOnServer, to: ClientOnServer, io: TransferIo): Promise<void> => {
  await Promise.all(
    // Both are the same where only one of them is meant.
    [...new Set([from, to])].map(async (side) => {
      await endCommand(side.cloud, scriptOf(side.names.database, io.operationId));
      await removeTransferContainer(side, io);
    }),
  );
};
