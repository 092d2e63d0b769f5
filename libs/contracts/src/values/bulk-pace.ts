import { Type } from 'typebox';

/** How many clients an operation over many takes at a time. */
export const bulkPace = {
  /** Clients that go first, one at a time, and stop all by a failure. Default 1. */
  canary: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  /** Clients at the same time afterwards. Default 4. */
  waveSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
  /** Failures after which no further client is begun. Default 3. */
  stopAfter: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
};
