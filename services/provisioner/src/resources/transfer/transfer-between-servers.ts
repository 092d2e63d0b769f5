import { message } from '@alfa-cloud/contracts';
import { final } from '../../on-server/failures.ts';
import type { Transfer } from './client-transfer.ts';

const unavailable = async (): Promise<never> => {
  throw final('not_supported_yet', message`Moving the data of clients is not supported yet`);
};

/** Nothing is moved by this version: each move ends at its checks, before anything is touched. */
export const transferBetweenServers: Transfer = {
  measure: unavailable,
  copyStorage: unavailable,
  copyDatabase: unavailable,
  verify: unavailable,
  compare: unavailable,
  end: async () => {},
};
