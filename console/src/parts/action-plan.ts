import { useQuery } from '@tanstack/vue-query';
import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue';
import type { AlfaError } from '@alfa-cloud/client';
import { send, type Parameters } from '../api/alfa.ts';
import { language } from '../words/language.ts';
import type { Action, ActionValues } from './action.ts';

/** A plan counts files on servers: it is asked for once the typing rests. */
const restMs = 400;
/** Longest time in which sizes are measured on the servers. */
const timeoutMs = 65_000;

/** What an action would do with what is filled in; asked for anew whenever that changes. `plan` is null until it is known. */
export const useActionPlan = (action: Action, values: ActionValues) => {
  const question = computed(() => action.plan?.question(values) ?? null);
  const asked = useRested(question);
  const { data, error, isFetching, refetch } = useQuery<Record<string, unknown>, AlfaError>({
    queryKey: computed(() => ['plan', asked.value, language.value]),
    queryFn: async ({ signal }) => {
      const { path, parameters } = asked.value ?? { path: '', parameters: {} };
      const method = action.plan?.method ?? 'GET';
      return (await send<Record<string, unknown>>(method, path, { parameters, signal, timeoutMs })).data;
    },
    enabled: computed(() => asked.value !== null),
    // What was seen minutes ago is no plan.
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const isCurrent = computed(() => JSON.stringify(asked.value) === JSON.stringify(question.value));
  return {
    // One that could not be looked at again is of before: nothing is sent on the strength of it.
    plan: computed(() =>
      isCurrent.value && question.value !== null && error.value === null ? (data.value ?? null) : null,
    ),
    isLooking: computed(() => question.value !== null && (isFetching.value || !isCurrent.value)),
    planError: computed(() => (question.value === null ? null : error.value)),
    lookAgain: () => void refetch(),
  };
};

type Question = { path: string; parameters: Parameters } | null;

const useRested = (question: ComputedRef<Question>) => {
  const rested = ref<Question>(question.value);
  let timer = 0;
  watch(question, (next) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      rested.value = next;
    }, restMs);
  });
  onScopeDispose(() => clearTimeout(timer));
  return rested;
};
