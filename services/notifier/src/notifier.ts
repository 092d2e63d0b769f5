import { hostname } from 'node:os';
import { newId } from '@alfa-cloud/contracts';
import type { EventStoreConnection } from '@alfa-cloud/event-sourcing';
import type { CommandServer, Messaging, QueryServer } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import { recordLateDecision, rejectPoison, type HostedService } from '@alfa-cloud/service-host';
import { systemClock, type Clock, type Logger } from '@alfa-cloud/service-kit';
import type { NotifierConfig } from './config.ts';
import type { Mailbox } from './bounces/mailbox.ts';
import { watchBounces } from './bounces/watch-bounces.ts';
import { openMailbox, openTransport } from './open-transport.ts';
import { createDigestSchedule } from './digest/digest-schedule.ts';
import { mailChannel, webhookChannel } from './notices/channels.ts';
import { followEvents } from './notices/follow-events.ts';
import { sendNotices, type SendNoticesDeps } from './notices/send-notices.ts';
import { operationHandlers } from './operations/index.ts';
import type { DeliverDeps } from './outbox/deliver.ts';
import { createOutbox } from './outbox/outbox.ts';
import { passwordLinkQueries } from './password-links/password-link-queries.ts';
import { previewQueries } from './preview.ts';
import { createRepeated, type Repeated } from './repeated.ts';
import { createSchedule } from './schedule/schedule.ts';
import { loadTemplates } from './templates/templates.ts';
import { webhookQueries } from './webhooks/webhook-queries.ts';
import { tidyOutbox } from './transport/tidy-outbox.ts';
import type { MailTransport } from './transport/mail-transport.ts';

export interface NotifierDeps {
  messaging: Messaging;
  eventStore: EventStoreConnection;
  vault: Vault;
  logger: Logger;
  /** Default: the system's. */
  clock?: Clock;
}

/** Longest time that commands and mails under way get to finish when the service stops, ms. */
const graceMs = 15_000;
/** Longest wait for the receiver of a webhook, ms. */
const webhookMs = 10_000;
/** JetStream KV bucket of how far the events were followed. */
const followedBucket = 'alfa-notices';
/** Mails at the same time where nothing else limits them. */
const filesAtOnce = 4;

/** Composition root of the notifier. */
export const createNotifier = (config: NotifierConfig, deps: NotifierDeps): HostedService => {
  const { messaging, eventStore: store, vault, logger, clock = systemClock } = deps;
  const { queries: readModels } = messaging;
  let transport: MailTransport | undefined;
  let queries: QueryServer | undefined;
  let commands: CommandServer | undefined;
  let repeated: Repeated[] = [];
  let unfollow: (() => Promise<void>) | undefined;
  return {
    checks: {},
    async start() {
      const render = loadTemplates(config.templatesDirectory, config.passwords.kind);
      transport = await openTransport(config);
      const { brand, passwords, schedule: rules } = config;
      const engines = { store, vault, queries: readModels, transport, clock, logger };
      const mails = { ...engines, render, brand, passwords, rules };
      queries = await messaging.serveQueries('notifier', {
        ...previewQueries(mails),
        ...passwordLinkQueries(mails),
        ...webhookQueries(mails),
      });
      commands = await messaging.serveCommands('notifier', {
        handlers: operationHandlers(mails, `${hostname()}/${process.pid}/${newId().slice(0, 8)}`),
        onPoison: (poison) => rejectPoison(store, poison),
        onLateDecision: (decision) => recordLateDecision(store, decision),
      });
      repeated = [
        ...repeatedWork(config, mails),
        ...tidying(config, mails),
        ...noticeWork(config, noticeDeps(config, mails)),
        ...(await bounceWork(config, mails)),
      ];
      for (const each of repeated) each.start();
      unfollow = await followEvents({
        store,
        clock,
        logger,
        client: store.client,
        config: config.notices,
        bucket: await messaging.buckets.open(followedBucket),
      });
    },
    async stop() {
      const working = Promise.all([...repeated.map((each) => each.stop()), unfollow?.()]);
      await commands?.stop(graceMs);
      // A mail server that keeps silent is not waited for; its mail is tried again by the next process.
      const silent = setTimeout(() => transport?.close(), graceMs);
      await working;
      clearTimeout(silent);
      await queries?.stop();
      transport?.close();
    },
  };
};

const repeatedWork = ({ schedule: rules, smtp, lookS }: NotifierConfig, mails: DeliverDeps): Repeated[] => {
  const { logger } = mails;
  const { timeZone } = rules;
  const outbox = createOutbox(mails, { parallel: smtp?.connections ?? filesAtOnce });
  const sending = createRepeated({
    expression: `*/${lookS} * * * * *`,
    timeZone,
    run: (signal) => outbox.look(signal),
    failure: 'mails that are due not looked at',
    logger,
  });
  if (!rules.enabled) return [sending];
  const schedule = createSchedule(mails, rules);
  const warning = createRepeated({
    expression: '0 * * * * *',
    timeZone,
    run: (signal) => schedule.look(signal),
    failure: 'warnings of the end of use not requested',
    logger,
  });
  return [sending, warning];
};

const noticeDeps = (
  { notices: { emails, language, allowPrivate } }: NotifierConfig,
  { store, vault, queries, transport, clock, logger }: DeliverDeps,
): SendNoticesDeps => ({
  store,
  queries,
  clock,
  logger,
  channels: {
    webhook: webhookChannel({ store, vault, clock }, { allowPrivate, deadlineMs: webhookMs }),
    mail: mailChannel(transport, { emails, language, clock }),
  },
});

const noticeWork = (
  { lookS, schedule: { timeZone }, notices: { emails, digestAt: at } }: NotifierConfig,
  deps: SendNoticesDeps,
): Repeated[] => {
  const { logger } = deps;
  const digest = createDigestSchedule(deps, { emails, at, timeZone });
  return [
    ...(['webhook', 'mail'] as const).map((kind) =>
      createRepeated({
        expression: `*/${lookS} * * * * *`,
        timeZone,
        run: (signal) => sendNotices(deps, kind, signal),
        failure: `notices that are due not looked at (${kind})`,
        logger,
      }),
    ),
    createRepeated({
      expression: '15 * * * * *',
      timeZone,
      run: digest,
      failure: 'digest of the day not requested',
      logger,
    }),
  ];
};

/** Where a mailbox for returned mail is configured. */
const bounceWork = async (
  { bounces, schedule: { timeZone } }: NotifierConfig,
  { store, clock, logger }: DeliverDeps,
): Promise<Repeated[]> => {
  if (bounces === null) return [];
  const mailbox: Mailbox = await openMailbox(bounces);
  return [
    createRepeated({
      expression: '* * * * * *',
      timeZone,
      run: watchBounces({ store, mailbox, clock, logger }, bounces),
      failure: 'the mailbox for returned mail not looked at',
      logger,
    }),
  ];
};

/** Of an outbox of files, each minute, also while no mail is written. */
const tidying = (
  { smtp, outboxDirectory, outboxLimits, schedule: { timeZone } }: NotifierConfig,
  { clock, logger }: DeliverDeps,
): Repeated[] =>
  smtp !== null
    ? []
    : [
        createRepeated({
          expression: '30 * * * * *',
          timeZone,
          run: () => tidyOutbox(outboxDirectory, outboxLimits, clock()),
          failure: 'outbox not tidied',
          logger,
        }),
      ];
