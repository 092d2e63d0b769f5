import { COMMANDS_STREAM, subjects, type ServiceName } from '@alfa-cloud/contracts';
import { AckPolicy, DeliverPolicy, jetstreamManager, type ConsumerConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Link } from '../connection/link.ts';
import { jetStream, refusalCode } from '../connection/nats-errors.ts';
import { recoveringStreams } from '../connection/stream-recovery.ts';

export interface CommandConsumerConfig {
  ackWaitMs: number;
  /** Commands held at the same time by all replicas of the service together. */
  maxAckPending: number;
}

/** Creates the durable consumer of a service's commands, or updates an existing one to these wanted. Idempotent. */
export const ensureConsumer = (
  link: Link,
  service: ServiceName,
  wanted: CommandConsumerConfig,
): Promise<void> =>
  recoveringStreams(link, () =>
    link.attempt(async (nats) => {
      const { consumers } = await jetstreamManager(nats, { checkAPI: false, timeout: 3000 });
      const changeable = {
        ack_wait: nanos(wanted.ackWaitMs),
        max_ack_pending: wanted.maxAckPending,
        max_deliver: -1,
      };
      try {
        const { config } = await consumers.info(COMMANDS_STREAM, service);
        if (isAsWanted(config, changeable)) return;
        await consumers.update(COMMANDS_STREAM, service, changeable);
      } catch (error) {
        if (refusalCode(error) !== jetStream.consumerNotFound) throw error;
        await consumers.add(COMMANDS_STREAM, {
          ...changeable,
          durable_name: service,
          filter_subject: subjects.commandsOf(service),
          ack_policy: AckPolicy.Explicit,
          deliver_policy: DeliverPolicy.All,
        });
      }
    }),
  );

const isAsWanted = (config: ConsumerConfig, wanted: Partial<ConsumerConfig>): boolean =>
  Object.entries(wanted).every(([name, value]) => config[name as keyof ConsumerConfig] === value);
