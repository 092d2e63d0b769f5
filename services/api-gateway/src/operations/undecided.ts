import {
  isRejection,
  type CreateLogView,
  type Fault,
  type LogPage,
  type OperationView,
  type Receipt,
} from '@alfa-cloud/contracts';
import type { RouteServices } from '../services.ts';

/**
 * An answer about something whose address this API has given out. While nothing is known of it, because its command has not been decided on,
 * the receipt tells what was asked for: such an address is never answered with "not found".
 * @param show what the receipt says in the form of the answer; null when it says nothing about what was asked
 */
export const orUndecided = async <Result, Shown>(
  services: Pick<RouteServices, 'receipts'>,
  id: string,
  ask: () => Promise<{ result: Result; stale: boolean }>,
  show: (receipt: Receipt) => Shown | null,
): Promise<{ result: Result | Shown; stale: boolean }> => {
  try {
    return await ask();
  } catch (error) {
    if (!mayBeUndecided(error)) throw error;
    const receipt = await services.receipts.find(id);
    const shown = receipt === null ? null : show(receipt);
    if (shown === null) throw error;
    return { result: shown, stale: false };
  }
};

/** True while an operation has an address and nothing more. */
export const isUndecided = async (
  services: Pick<RouteServices, 'receipts'>,
  error: unknown,
  id: string,
): Promise<boolean> => mayBeUndecided(error) && (await services.receipts.find(id)) !== null;

/** True while an operation surely has an address and nothing more: the read models were asked, and know nothing of it. */
export const hasNotBegun = async (
  services: Pick<RouteServices, 'receipts'>,
  error: unknown,
  id: string,
): Promise<boolean> =>
  isRejection(error) && error.faults.every(isUnknown) && (await services.receipts.find(id)) !== null;

/** True when nothing is known of it. A fault of a command that was refused has `meta`. */
const isUnknown = ({ code, meta }: Fault): boolean => code === 'not_found' && meta === undefined;

/** Nothing is known of it, or whether something is can't be told now. */
const mayBeUndecided = (error: unknown): boolean =>
  isRejection(error) &&
  error.faults.every(
    (fault) => isUnknown(fault) || (fault.code === 'unavailable' && fault.meta?.['unchecked'] === true),
  );

/** The operation as it begins; its steps are not known here. Null when its address was not the one given out. */
export const undecidedOperation = (receipt: Receipt): OperationView | null => {
  const { operationId: id, kind, target, parameters, retryOf, actor, correlationId, acceptedAt } = receipt;
  if (kind === null) return null;
  const origin = { actor, correlationId, acceptedAt, finishedAt: null };
  const nothingYet = {
    steps: [],
    error: null,
    leftovers: [],
    result: null,
    parentId: null,
    progress: null,
    waiting: null,
    transfer: null,
  };
  return { id, kind, target, status: 'accepted', ...nothingYet, parameters, retryOf, ...origin };
};

export const undecidedLog = (after: string | null): LogPage => ({
  entries: [],
  cursor: after,
  more: false,
  status: 'accepted',
  transfer: null,
});

export const undecidedCreateLog =
  (after: string | null) =>
  ({ made, operationId }: Receipt): CreateLogView | null =>
    made?.type === 'client'
      ? {
          clientId: made.client.clientId,
          operationId,
          kind: 'client.create',
          completed: null,
          steps: [],
          error: null,
          ...undecidedLog(after),
        }
      : null;
