import {
  changeWebhook,
  createWebhook,
  removeWebhook,
  replayDelivery,
  testWebhook,
  type Complete,
  type OperationsOf,
} from '@alfa-cloud/contracts';
import { createExecutor, operationHandler } from '@alfa-cloud/operations';
import type { HandlersOf } from '@alfa-cloud/messaging';
import type { DeliverDeps } from '../outbox/deliver.ts';
import { webhookHandlers, type WebhookHandlersDeps } from '../webhooks/webhook-handlers.ts';
import { retryOneMail } from './retry-mail.ts';
import { sendExpireMail, sendSuccessMail } from './send-mail.ts';

/** Every operation that the notifier carries out. */
const implementations = (deps: DeliverDeps) =>
  ({
    'client.retry_mail': retryOneMail(deps),
    'client.send_expire': sendExpireMail(deps),
    'client.send_success': sendSuccessMail(deps),
    // Decided on and done at once by handlers of their own.
    'webhook.create': { operation: createWebhook },
    'webhook.change': { operation: changeWebhook },
    'webhook.remove': { operation: removeWebhook },
    'webhook.test': { operation: testWebhook },
    'delivery.replay': { operation: replayDelivery },
  }) satisfies Complete<OperationsOf<'notifier'>>;

/** Operations load no server, so this limit never holds. */
const perServer = 1;

/** @param worker name of this process, for the log of operations */
export const operationHandlers = (
  deps: DeliverDeps & WebhookHandlersDeps,
  worker: string,
): HandlersOf<'notifier'> => {
  const { store, logger } = deps;
  const executing = { store, execute: createExecutor({ store, logger, worker, perServer }) };
  const of = implementations(deps);
  return {
    ...webhookHandlers(deps),
    RetryMail: operationHandler<'RetryMail'>(executing, of['client.retry_mail']),
    SendExpire: operationHandler<'SendExpire'>(executing, of['client.send_expire']),
    SendSuccess: operationHandler<'SendSuccess'>(executing, of['client.send_success']),
  };
};
