import { CircleStop, RotateCcw, Trash2, Undo2 } from '@lucide/vue';
import type { OperationResource } from '../../api/resources.ts';
import { type Action, filled } from '../../parts/action.ts';
import { words } from './action-words.ts';

export const isRunning = ({ status }: OperationResource): boolean =>
  ['accepted', 'running', 'cancelling'].includes(status);

/**
 * What can be done with an operation as it is now.
 * @param isHeld the former server keeps the client that it has moved
 */
export const actionsOf = (operation: OperationResource, isHeld: boolean): readonly Action[] => {
  const { status, progress } = operation;
  const path = `/operations/${operation.id}`;
  const { reason, reasonHint, cancel, retry, undo, release } = words.value;
  const isMany = progress !== null;
  const actions: Action[] = [];
  if (status === 'running' || status === 'accepted') {
    actions.push({
      key: 'cancel',
      name: cancel.name,
      icon: CircleStop,
      does: isMany ? cancel.doesMany : cancel.does,
      fields: [{ name: 'reason', kind: 'line', label: reason, hint: reasonHint }],
      request: (values) => {
        const given = filled(values['reason']);
        return {
          method: 'POST',
          path: `${path}/cancel`,
          ...(given !== undefined && { type: 'cancellations', attributes: { reason: given } }),
        };
      },
    });
  }
  if (status === 'error' || status === 'cancelled') {
    actions.push({
      key: 'retry',
      name: isMany ? retry.nameMany : retry.name,
      icon: RotateCcw,
      does: isMany ? retry.doesMany : retry.does,
      fields: [],
      request: () => ({ method: 'POST', path: `${path}/retry` }),
    });
  }
  if (isHeld) {
    actions.push(
      {
        key: 'undo',
        ...undo,
        icon: Undo2,
        fields: [],
        request: () => ({ method: 'POST', path: `${path}/undo` }),
      },
      {
        key: 'release',
        ...release,
        icon: Trash2,
        isDangerous: true,
        fields: [],
        request: () => ({ method: 'POST', path: `${path}/release` }),
      },
    );
  }
  return actions;
};
