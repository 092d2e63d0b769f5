import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { MoveConfig } from '../on-server/move-config.ts';
import { seconds } from './seconds.ts';

export const readMoves = (read: ConfigReader): MoveConfig => ({
  holdHours: read.integer('ALFA_MOVE_HOLD_H', { default: 24, min: 0, max: 720 }),
  deadlineMs: seconds(read, 'ALFA_MOVE_TIMEOUT_S', 21_600),
});
