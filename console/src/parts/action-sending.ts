import { useQueryClient } from '@tanstack/vue-query';
import { computed, ref } from 'vue';
import { AlfaError, type Reference } from '@alfa-cloud/client';
import { faultOfAttribute, isDecided } from '../api/faults.ts';
import { newRequestKey } from '../api/request-key.ts';
import { send } from '../api/alfa.ts';
import type { ActionRequest } from './action.ts';

/**
 * Sends an action. The same request again has one effect however often it is sent, e.g. after the network broke off.
 * @param done called with the operation that it began, null when it was done at once, and with the resource that was answered
 */
export const useActionSending = (done: (operationId: string | null, answered: Reference | null) => void) => {
  const queries = useQueryClient();
  const isSending = ref(false);
  const error = ref<unknown>(null);
  let key = { of: '', value: '' };

  const sendAction = async (request: ActionRequest) => {
    const { method, path, ...what } = request;
    const of = JSON.stringify(request);
    if (key.of !== of) key = { of, value: newRequestKey() };
    isSending.value = true;
    error.value = null;
    try {
      const { data, meta } = await send<Reference | null>(method, path, {
        ...what,
        idempotencyKey: key.value,
      });
      // Answered: the same once more is meant as another one, e.g. a creation after the first has failed.
      key = { of: '', value: '' };
      void queries.invalidateQueries();
      const { operationId } = meta;
      done(
        data?.type === 'operations' ? data.id : typeof operationId === 'string' ? operationId : null,
        data,
      );
    } catch (caught) {
      // Refused: once it is allowed it is another attempt.
      if (caught instanceof AlfaError && isDecided(caught)) key = { of: '', value: '' };
      error.value = caught;
    } finally {
      isSending.value = false;
    }
  };

  const runningOperationId = computed(() => {
    if (!(error.value instanceof AlfaError)) return null;
    const id = error.value.faults.find(({ code }) => code === 'operation_in_progress')?.meta?.['operationId'];
    return typeof id === 'string' ? id : null;
  });

  const faultOf = (name: string): string | undefined => {
    if (!(error.value instanceof AlfaError)) return undefined;
    const ofParameter = error.value.faults.find(({ source }) => source?.parameter === name);
    return faultOfAttribute(error.value, name) ?? ofParameter?.detail;
  };

  return { send: sendAction, isSending, error, runningOperationId, faultOf };
};
