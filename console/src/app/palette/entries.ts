import { computed, ref, watch, onScopeDispose, type Ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';
import { useQuestion } from '../../api/questions.ts';
import type { ClientResource, OperationResource, ServerResource } from '../../api/resources.ts';
import { operationWords } from '../../parts/operation-words.ts';
import { shortMoment } from '../../words/moments.ts';
import { sections } from '../shell/sections.ts';
import { words as shellWords } from '../shell/words.ts';
import { words } from './words.ts';

export interface Entry {
  key: string;
  text: string;
  note: string;
  to: RouteLocationRaw;
}

export interface Group {
  name: string;
  entries: readonly Entry[];
}

const shownMax = 8;
const restMs = 150;
const operationsMax = 50;
const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every word that was typed is somewhere in the text. */
const matches = (text: string, typed: string): boolean => {
  const inLower = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => inLower.includes(word));
};

/** What may be meant by what was typed, in groups. */
export const useEntries = (typed: Ref<string>) => {
  const rested = ref('');
  let timer = 0;
  watch(typed, (text) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      rested.value = text.trim();
    }, restMs);
  });
  onScopeDispose(() => clearTimeout(timer));

  const once = { refreshMs: false } as const;
  const clients = useQuestion<ClientResource[]>(
    '/clients',
    () => ({
      'filter[search]': rested.value,
      'fields[clients]': 'name,slug',
      sort: 'name',
      'page[size]': shownMax,
    }),
    once,
  );
  const servers = useQuestion<ServerResource[]>(
    '/servers',
    { 'filter[active]': 'all', 'fields[servers]': 'name,domain' },
    once,
  );
  const operations = useQuestion<OperationResource[]>('/operations', { 'page[size]': operationsMax }, once);

  const isLooking = computed(() => clients.isFetching.value || typed.value.trim() !== rested.value);
  /** The API has searched by more than what is shown, e.g. the e-mail address; what it found for the letters before is no answer to those of now. */
  const foundClients = computed((): readonly Entry[] =>
    (clients.data.value?.data ?? []).map((one) => ({
      key: `client-${one.id}`,
      text: one.name ?? one.slug,
      note: one.slug,
      to: { name: 'client', params: { id: one.id } },
    })),
  );

  const groups = computed((): readonly Group[] => {
    const { groups: names, createClient, registerServer, byId } = words.value;
    const text = typed.value.trim();
    const fitting = (entries: readonly Entry[]) =>
      entries.filter((entry) => matches(`${entry.text} ${entry.note}`, text)).slice(0, shownMax);
    const all: Group[] = [
      {
        name: names.clients,
        entries: isLooking.value ? fitting(foundClients.value) : foundClients.value,
      },
      {
        name: names.servers,
        entries: fitting(
          (servers.data.value?.data ?? []).map((one) => ({
            key: `server-${one.id}`,
            text: one.name,
            note: one.domain,
            to: { name: 'server', params: { id: one.id } },
          })),
        ),
      },
      {
        name: names.operations,
        entries: isId.test(text)
          ? [{ key: text, text: byId, note: text, to: { name: 'operation', params: { id: text } } }]
          : fitting(
              (operations.data.value?.data ?? []).map((one) => ({
                key: `operation-${one.id}`,
                text: one.title,
                note: `${operationWords.value.statuses[one.status]}, ${shortMoment(one.acceptedAt)}`,
                to: { name: 'operation', params: { id: one.id } },
              })),
            ),
      },
      {
        name: names.sections,
        entries: fitting(
          sections.map(({ name }) => ({ key: name, text: shellWords.value[name], note: '', to: { name } })),
        ),
      },
      {
        name: names.actions,
        entries: fitting([
          { key: 'create-client', text: createClient, note: '', to: { name: 'create-client' } },
          { key: 'register-server', text: registerServer, note: '', to: { name: 'register-server' } },
        ]),
      },
    ];
    // With nothing typed yet the sections are what one most likely wants.
    const ordered = text === '' ? all.toSorted((one) => (one.name === names.sections ? -1 : 0)) : all;
    return ordered.filter(({ entries }) => entries.length > 0);
  });
  return { groups, isLooking };
};
