import {
  ArrowRightLeft,
  BellRing,
  Copy,
  DatabaseBackup,
  DatabaseZap,
  FlaskConical,
  FlaskConicalOff,
  KeyRound,
  MailCheck,
  PackageOpen,
  RotateCcw,
  RotateCw,
  Trash2,
  Undo2,
  Users,
  Wrench,
} from '@lucide/vue';
import { computed, type ComputedRef } from 'vue';
import type { ClientResource } from '../../api/resources.ts';
import { type Action, type ActionField, filled } from '../../parts/action.ts';
import { actionWords } from './action-words.ts';
import { imagesFor, serversFor } from './choices.ts';
import CopyPlan from './CopyPlan.vue';
import MovePlan from './MovePlan.vue';
import type { CopyPlanAttributes, MovePlanAttributes } from './resources.ts';

/** In the menu a line parts one group from the next. */
export type ActionGroup = 'work' | 'data' | 'people' | 'place' | 'end';
type ClientAction = Action & { group: ActionGroup };

type Words = typeof actionWords.value;
type Of = (client: ClientResource, words: Words) => ClientAction;

/** `POST /clients/{id}/<path>` without a parameter. */
const plain =
  (
    key: 'reboot' | 'maintain_disable' | 'demo_enable' | 'demo_disable' | 'count_users',
    group: ActionGroup,
    icon: Action['icon'],
    path: string = key,
  ): Of =>
  ({ id }, words) => ({
    key,
    group,
    icon,
    ...words[key],
    fields: [],
    request: () => ({ method: 'POST', path: `/clients/${id}/${path}` }),
  });

const mail =
  (key: 'send_success' | 'send_expire', icon: Action['icon']): Of =>
  ({ id, email }, words) => ({
    key,
    group: 'people',
    icon,
    name: words[key].name,
    does: words[key].does(email ?? ''),
    fields: [],
    request: () => ({ method: 'POST', path: `/clients/${id}/${key}` }),
  });

const withoutBackup = (words: { withoutBackup: string; withoutBackupHint: string }): ActionField => ({
  name: 'withoutBackup',
  kind: 'check',
  label: words.withoutBackup,
  hint: words.withoutBackupHint,
});

const maintenanceOn: Of = ({ id }, { maintain_enable: words }) => ({
  key: 'maintain_enable',
  group: 'work',
  icon: Wrench,
  name: words.name,
  does: words.does,
  fields: [{ name: 'message', kind: 'lines', label: words.message }],
  request: ({ message }) => ({
    method: 'POST',
    path: `/clients/${id}/maintain_enable`,
    ...(filled(message) && { type: 'maintenance', attributes: { message: filled(message) } }),
  }),
});

const switchImage: Of = (client, { switch: words }) => ({
  key: 'switch',
  group: 'work',
  icon: PackageOpen,
  name: words.name,
  does: words.does,
  fields: [
    {
      name: 'targetImage',
      kind: 'choice',
      label: words.image,
      hint: words.imageHint,
      isRequired: true,
      ask: imagesFor(client.server?.id ?? null, client.imageId, words),
      other: words.other,
    },
  ],
  request: ({ targetImage }) => ({
    method: 'POST',
    path: `/clients/${client.id}/switch`,
    parameters: { targetImage: filled(targetImage) },
  }),
});

const rollback: Of = ({ id, previousImage }, { rollback: words }) => ({
  key: 'rollback',
  group: 'work',
  icon: RotateCcw,
  name: words.name,
  does: words.does(previousImage?.reference ?? ''),
  risk: words.risk,
  fields: [],
  request: () => ({ method: 'POST', path: `/clients/${id}/rollback` }),
});

const migrate: Of = ({ id }, { migrate: words }) => ({
  key: 'migrate',
  group: 'data',
  icon: DatabaseZap,
  name: words.name,
  does: words.does,
  fields: [withoutBackup(words)],
  request: (values) => ({
    method: 'POST',
    path: `/clients/${id}/migrate`,
    parameters: { withoutBackup: values['withoutBackup'] === true || undefined },
  }),
});

export const backUp: Of = ({ id }, { back_up: words }) => ({
  key: 'back_up',
  group: 'data',
  icon: DatabaseBackup,
  ...words,
  fields: [],
  request: () => ({ method: 'POST', path: `/clients/${id}/backups` }),
});

/** @param moment when the backup was made, in words */
export const restore = (clientId: string, backupId: string, moment: string, words: Words): Action => ({
  key: 'restore',
  icon: RotateCcw,
  name: words.restore.name,
  does: words.restore.does(moment),
  risk: words.restore.risk,
  isDangerous: true,
  fields: [withoutBackup(words.restore)],
  request: (values) => ({
    method: 'POST',
    path: `/clients/${clientId}/restore`,
    type: 'restorations',
    attributes: {
      backupId,
      confirm: true,
      ...(values['withoutBackup'] === true && { withoutBackup: true }),
    },
  }),
});

const ownerPassword: Of = ({ id }, { owner_password: words }) => ({
  key: 'owner_password',
  group: 'people',
  icon: KeyRound,
  name: words.name,
  does: words.does,
  fields: [{ name: 'password', kind: 'password', label: words.password, hint: words.hint, isRequired: true }],
  request: ({ password }) => ({
    method: 'POST',
    path: '/clients/owner_password',
    type: 'owner-passwords',
    attributes: { password },
    relationships: { client: { type: 'clients', id } },
  }),
});

const move: Of = (client, { move: words }) => ({
  key: 'move',
  group: 'place',
  icon: ArrowRightLeft,
  name: words.name,
  does: words.does,
  fields: [
    {
      name: 'targetServer',
      kind: 'choice',
      label: words.server,
      isRequired: true,
      ask: serversFor(({ id, role }) => role !== 'build' && id !== client.server?.id),
    },
    { name: 'holdHours', kind: 'number', label: words.hold, hint: words.holdHint, min: 0, max: 720 },
  ],
  plan: {
    view: MovePlan,
    question: ({ targetServer }) =>
      filled(targetServer) === undefined
        ? null
        : {
            path: '/clients/move_to',
            parameters: { clientId: client.id, targetServer: filled(targetServer), dryRun: true },
          },
    isBlocked: ({ clients }: MovePlanAttributes) => clients.every(({ obstacles }) => obstacles.length > 0),
  },
  request: ({ targetServer, holdHours }) => ({
    method: 'POST',
    path: '/clients/move_to',
    parameters: {
      clientId: client.id,
      targetServer: filled(targetServer),
      holdHours: filled(holdHours),
    },
  }),
});

const copy: Of = ({ id, slug }, { copy: words }) => ({
  key: 'copy',
  group: 'place',
  icon: Copy,
  name: words.name,
  does: words.does,
  fields: [
    {
      name: 'targetServer',
      kind: 'choice',
      label: words.server,
      isRequired: true,
      ask: serversFor(({ role }) => role === 'stage'),
    },
    { name: 'slug', kind: 'line', label: words.slug, initial: `${slug}-stage`.slice(-40) },
    { name: 'maskingSql', kind: 'lines', label: words.sql, hint: words.sqlHint },
    { name: 'ownerPassword', kind: 'password', label: words.password, hint: words.passwordHint },
    { name: 'confirm', kind: 'check', label: words.replace, hint: words.replaceHint },
  ],
  plan: {
    view: CopyPlan,
    question: ({ targetServer, slug }) =>
      filled(targetServer) === undefined
        ? null
        : {
            path: `/clients/${id}/copy_to`,
            parameters: { targetServer: filled(targetServer), slug: filled(slug), dryRun: true },
          },
    isBlocked: ({ obstacles }: CopyPlanAttributes) => obstacles.length > 0,
  },
  request: ({ targetServer, slug, maskingSql, ownerPassword: password, confirm }) => ({
    method: 'POST',
    path: `/clients/${id}/copy_to`,
    parameters: {
      targetServer: filled(targetServer),
      slug: filled(slug),
      confirm: confirm === true || undefined,
    },
    ...((filled(maskingSql) !== undefined || filled(password) !== undefined) && {
      type: 'copies',
      attributes: {
        ...(filled(maskingSql) && { maskingSql }),
        ...(filled(password) && { ownerPassword: password }),
      },
    }),
  }),
});

const held =
  (key: 'undo' | 'release', icon: Action['icon']): Of =>
  ({ held: kept }, words) => ({
    key,
    group: 'place',
    icon,
    ...words[key],
    fields: [],
    request: () => ({
      method: 'POST',
      path: `/operations/${kept?.operationId ?? ''}/${key}`,
    }),
  });

const remove: Of = ({ id, slug }, { delete: words }) => ({
  key: 'delete',
  group: 'end',
  icon: Trash2,
  name: words.name,
  does: words.does,
  risk: words.risk,
  isDangerous: true,
  fields: [withoutBackup(words)],
  typed: slug,
  request: (values) => ({
    method: 'DELETE',
    path: `/clients/${id}`,
    parameters: { confirm: slug, withoutBackup: values['withoutBackup'] === true || undefined },
  }),
});

/** Those that make sense for the client as it is. */
const offered = ({ status, maintenance, demo, previousImage, held: kept }: ClientResource): readonly Of[] => {
  if (status !== 'active') return [remove];
  return [
    maintenance === null ? maintenanceOn : plain('maintain_disable', 'work', Wrench),
    plain('reboot', 'work', RotateCw),
    switchImage,
    ...(previousImage === null ? [] : [rollback]),
    backUp,
    migrate,
    demo ? plain('demo_disable', 'data', FlaskConicalOff) : plain('demo_enable', 'data', FlaskConical),
    ownerPassword,
    plain('count_users', 'people', Users, 'users_count'),
    mail('send_success', MailCheck),
    mail('send_expire', BellRing),
    move,
    ...(kept === null ? [] : [...(kept.undoable ? [held('undo', Undo2)] : []), held('release', Trash2)]),
    copy,
    remove,
  ];
};

export const useClientActions = (client: () => ClientResource): ComputedRef<readonly ClientAction[]> =>
  computed(() => offered(client()).map((of) => of(client(), actionWords.value)));
