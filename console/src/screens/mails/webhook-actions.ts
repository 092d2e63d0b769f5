import { Pencil, Plus, RotateCcw, Send, Trash2 } from '@lucide/vue';
import type { DeliveryResource, WebhookResource } from '../../api/resources.ts';
import { type Action, type ActionField, type ActionValues, filled } from '../../parts/action.ts';
import { words } from './words.ts';

const secretBytes = 32;

/** What can be asked for; the others are sent by themselves. */
const subscribed = [
  'alert.raised',
  'alert.cleared',
  'server.degraded',
  'server.recovered',
  'bulk.failed',
  'backup.failed',
  'mail.given_up',
  'mail.bounced',
] as const;

const newSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(secretBytes))))}`;

const fieldsOf = (is: WebhookResource | null): readonly ActionField[] => {
  const { webhook: to, events } = words.value;
  return [
    { name: 'url', kind: 'line', label: to.url, hint: to.urlHint, initial: is?.url ?? '', isRequired: true },
    ...subscribed.map((name) => ({
      name: `events/${name}`,
      kind: 'check' as const,
      label: events[name],
      initial: is?.events.includes(name) ?? true,
    })),
    { name: 'active', kind: 'check', label: to.active, initial: is?.active ?? true },
    is === null
      ? {
          name: 'secret',
          kind: 'secret',
          label: to.secret,
          hint: to.secretHint,
          initial: newSecret(),
          isRequired: true,
        }
      : { name: 'secret', kind: 'secret', label: to.secret, hint: to.newSecretHint },
  ];
};

const attributesOf = (values: ActionValues): Record<string, unknown> => {
  const secret = filled(values['secret']);
  return {
    url: filled(values['url']),
    events: subscribed.filter((name) => values[`events/${name}`] === true),
    active: values['active'] === true,
    ...(secret !== undefined && { secret }),
  };
};

export const createWebhook = (): Action => ({
  key: 'create',
  ...words.value.webhook.create,
  icon: Plus,
  fields: fieldsOf(null),
  request: (values) => ({
    method: 'POST',
    path: '/webhooks',
    type: 'webhooks',
    attributes: attributesOf(values),
  }),
});

export const webhookActions = (webhook: WebhookResource): readonly Action[] => {
  const { id } = webhook;
  const { change, test, remove } = words.value.webhook;
  const path = `/webhooks/${id}`;
  return [
    {
      key: 'test',
      ...test,
      icon: Send,
      fields: [],
      request: () => ({ method: 'POST', path: `${path}/test` }),
    },
    {
      key: 'change',
      ...change,
      icon: Pencil,
      fields: fieldsOf(webhook),
      request: (values) => {
        const { url, ...others } = attributesOf(values);
        // An address may be shown in part only: what was not changed is not sent back.
        return {
          method: 'PATCH',
          path,
          type: 'webhooks',
          id,
          attributes: url === webhook.url ? others : { url, ...others },
        };
      },
    },
    {
      key: 'remove',
      ...remove,
      icon: Trash2,
      isDangerous: true,
      fields: [],
      request: () => ({ method: 'DELETE', path }),
    },
  ];
};

export const replayAction = ({ id }: DeliveryResource): Action => ({
  key: 'replay',
  ...words.value.replay,
  icon: RotateCcw,
  fields: [],
  request: () => ({ method: 'POST', path: `/deliveries/${id}/replay` }),
});
