import { ArrowRightLeft, DatabaseZap, PackageOpen, RefreshCw } from '@lucide/vue';
import type { BulkPlanView } from '@alfa-cloud/contracts';
import { type Action, type ActionField, type ActionValues, filled } from '../../parts/action.ts';
import { imagesFor, serversFor } from '../client/choices.ts';
import MovePlan from '../client/MovePlan.vue';
import type { MovePlanAttributes } from '../client/resources.ts';
import BulkPlan from './BulkPlan.vue';
import type { bulkWords } from './bulk-words.ts';

type Words = typeof bulkWords.value;

/** Clients that one request can name. */
export const namedMax = 100;

/** @param clientIds those that were chosen; null: all, or all of one server */
export const bulkActions = (clientIds: readonly string[] | null, words: Words): readonly Action[] => {
  const common = { clientIds, words };
  return [
    switchOf(common, {
      ask: imagesFor(null, null, words.switch.imageWords),
      other: words.switch.other,
    }),
    bulk(common, { key: 'migrate_all', icon: DatabaseZap, ...words.migrate, fields: [] }),
    bulk(common, {
      key: 'deploy',
      icon: RefreshCw,
      ...words.deploy,
      fields: [{ name: 'force', kind: 'check', label: words.deploy.force }],
    }),
    ...(clientIds === null ? [] : [moveOf(clientIds, words)]),
  ];
};

/** Runs clients, all or those of one server, from one image. */
export const switchTo = (image: string, words: Words): Action =>
  switchOf({ clientIds: null, words }, { initial: image, choices: [{ value: image, text: image }] });

const switchOf = (
  common: Common,
  image: Pick<ActionField, 'ask' | 'other' | 'initial' | 'choices'>,
): Action =>
  bulk(common, {
    key: 'switch_all',
    icon: PackageOpen,
    ...common.words.switch,
    fields: [
      { name: 'targetImage', kind: 'choice', label: common.words.switch.image, isRequired: true, ...image },
    ],
  });

interface Common {
  clientIds: readonly string[] | null;
  words: Words;
}

interface Form extends Pick<Action, 'key' | 'icon' | 'name' | 'does'> {
  fields: readonly ActionField[];
}

const bulk = ({ clientIds, words }: Common, { key, icon, name, does, fields }: Form): Action => {
  const path = `/clients/${key}`;
  const ownFields = clientIds === null ? [serverField(words), ...fields] : fields;
  const parametersOf = (values: ActionValues) => ({
    ...Object.fromEntries(
      [...ownFields, ...paceFields(words)].map((field) => {
        const value = values[field.name];
        return [field.name, value === true ? true : filled(value)];
      }),
    ),
    ...(clientIds !== null && { clientId: clientIds.join(',') }),
  });
  return {
    key,
    icon,
    name,
    does,
    fields: [...ownFields, ...paceFields(words)],
    plan: {
      view: BulkPlan,
      question: (values) =>
        ownFields.some(({ name: field, isRequired }) => isRequired && filled(values[field]) === undefined)
          ? null
          : { path, parameters: { ...parametersOf(values), dryRun: true } },
      isBlocked: ({ obstacles, total }: BulkPlanView) => obstacles.length > 0 || total === 0,
    },
    request: (values) => ({ method: 'POST', path, parameters: parametersOf(values) }),
  };
};

const serverField = (words: Words): ActionField => ({
  name: 'serverId',
  kind: 'choice',
  label: words.server,
  none: words.allServers,
  ask: serversFor(({ role }) => role !== 'build', { 'filter[active]': 'all' }),
});

const paceFields = (words: Words): readonly ActionField[] => [
  {
    name: 'canary',
    kind: 'number',
    label: words.canary,
    hint: words.canaryHint,
    initial: '1',
    isRequired: true,
    isShort: true,
    min: 0,
    max: 100,
  },
  {
    name: 'waveSize',
    kind: 'number',
    label: words.waveSize,
    initial: '4',
    isRequired: true,
    isShort: true,
    min: 1,
    max: 64,
  },
  {
    name: 'stopAfter',
    kind: 'number',
    label: words.stopAfter,
    initial: '3',
    isRequired: true,
    isShort: true,
    min: 1,
  },
];

const moveOf = (clientIds: readonly string[], words: Words): Action => {
  const path = '/clients/move_to';
  const clientId = clientIds.join(',');
  return {
    key: 'move_to',
    icon: ArrowRightLeft,
    name: words.move.name,
    does: words.move.does,
    fields: [
      {
        name: 'targetServer',
        kind: 'choice',
        label: words.move.target,
        isRequired: true,
        ask: serversFor(({ role }) => role !== 'build'),
      },
    ],
    plan: {
      view: MovePlan,
      question: ({ targetServer }) =>
        filled(targetServer) === undefined
          ? null
          : { path, parameters: { clientId, targetServer: filled(targetServer), dryRun: true } },
      isBlocked: ({ clients }: MovePlanAttributes) => clients.every(({ obstacles }) => obstacles.length > 0),
    },
    request: ({ targetServer }) => ({
      method: 'POST',
      path,
      parameters: { clientId, targetServer: filled(targetServer) },
    }),
  };
};
