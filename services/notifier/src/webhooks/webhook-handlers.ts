import {
  deriveId,
  message,
  reject,
  shownWebhookUrl,
  streams,
  type Command,
  type CommandData,
  type CommandName,
} from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import type { HandlersOf } from '@alfa-cloud/messaging';
import { causeOf } from '@alfa-cloud/operations';
import type { Vault } from '@alfa-cloud/secrets';
import type { Clock } from '@alfa-cloud/service-kit';
import { decideOnNotice } from '../notices/deliver-notice.ts';
import {
  readWebhooks,
  unknownWebhook,
  webhooksDecider,
  type Webhook,
  type WebhookCommand,
} from './webhooks.ts';

export interface WebhookHandlersDeps {
  store: EventStore;
  vault: Vault;
  clock: Clock;
}

type Names = 'CreateWebhook' | 'ChangeWebhook' | 'RemoveWebhook' | 'TestWebhook' | 'ReplayDelivery';

/** Commands about webhooks, each decided on and done at once. */
export const webhookHandlers = (deps: WebhookHandlersDeps): Pick<HandlersOf<'notifier'>, Names> => ({
  CreateWebhook: {
    async handle({ command, accepted }) {
      const { webhookId, url, events, active = true, secret } = command.data;
      const address = await addressOf(deps.vault, webhookId, url);
      const sealed = await sealedForGood(deps.vault, webhookId, secret);
      const webhook = { webhookId, ...address, events, active, secret: sealed };
      await accepted({ webhookId }, await decide(deps, command, { type: 'create', webhook }));
    },
  },
  ChangeWebhook: {
    async handle({ command, accepted }) {
      const { webhookId, url, events, active, secret } = command.data;
      if (!(await isKnown(deps, webhookId))) throw unknownWebhook();
      const changes = {
        ...(url === undefined ? {} : await addressOf(deps.vault, webhookId, url)),
        ...(events === undefined ? {} : { events }),
        ...(active === undefined ? {} : { active }),
        ...(secret === undefined ? {} : { secret: await sealedForGood(deps.vault, webhookId, secret) }),
      };
      await accepted({ webhookId }, await decide(deps, command, { type: 'change', webhookId, changes }));
    },
  },
  RemoveWebhook: {
    async handle({ command, accepted }) {
      const { webhookId } = command.data;
      const position = await decide(deps, command, { type: 'remove', webhookId });
      await deps.vault.destroyKey(`webhook.${webhookId}`);
      await accepted({ webhookId }, position);
    },
  },
  TestWebhook: {
    async handle({ command, accepted }) {
      const { webhookId, noticeId } = command.data;
      if (!(await isKnown(deps, webhookId))) throw unknownWebhook();
      const recipient = { kind: 'webhook', id: webhookId } as const;
      const at = deps.clock().toISOString();
      const notice = { noticeId, recipient, type: 'test', at, data: { webhookId } } as const;
      const { position } = await decideOnNotice(deps.store, {
        noticeId,
        cause: causeOf(command),
        command: { type: 'request', notice },
        key: command.id,
      });
      await accepted({ noticeId }, position);
    },
  },
  ReplayDelivery: {
    async handle({ command, accepted }) {
      const { noticeId } = command.data;
      const { position } = await decideOnNotice(deps.store, {
        noticeId,
        cause: causeOf(command),
        command: { type: 'replay', now: deps.clock() },
        key: command.id,
      });
      await accepted({ noticeId }, position);
    },
  },
});

/**
 * The address as it is kept.
 * @throws Rejection for what the pattern of the attribute can not tell, like a port above 65535
 */
const addressOf = async (
  vault: Vault,
  webhookId: string,
  sealed: string,
): Promise<Required<Pick<Webhook, 'url' | 'sealedUrl'>>> => {
  const url = await vault.open(sealed);
  if (!URL.canParse(url)) {
    throw reject('validation_failed', message`is no address that something can be sent to`, {
      pointer: '/data/attributes/url',
    });
  }
  return { url: shownWebhookUrl(url), sealedUrl: await sealedForGood(vault, webhookId, sealed) };
};

const isKnown = async ({ store }: WebhookHandlersDeps, id: string): Promise<boolean> =>
  (await readWebhooks(store)).some(({ webhook }) => webhook.webhookId === id);

const sealedForGood = async (vault: Vault, webhookId: string, secret: string): Promise<string> => {
  const scope = `webhook.${webhookId}` as const;
  await vault.ensureKey(scope);
  return vault.seal(scope, await vault.open(secret));
};

const decide = async <Name extends CommandName>(
  { store }: WebhookHandlersDeps,
  command: Command<CommandData<Name>, Name>,
  decision: WebhookCommand,
): Promise<bigint> => {
  const { position } = await handleCommand(store, {
    stream: streams.webhooks,
    decider: webhooksDecider,
    command: decision,
    cause: causeOf(command),
    eventIds: (index) => deriveId(command.id, 'webhook', index),
  });
  return position;
};
