import {
  message,
  newId,
  reasonOf,
  streams,
  type RaisedAlert,
  type ServerMonitoring,
} from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import type { ControlPlaneEvent } from '@alfa-cloud/contracts';
import {
  type AlertCommand,
  controlPlaneDecider,
  isUnderWork,
  type KnownAlert,
  loadServer,
} from '@alfa-cloud/servers';
import type { Clock, Logger } from '@alfa-cloud/service-kit';
import type { ObservedClient } from '../availability/observe-server.ts';
import { recordOnControlPlane, recordOnServer } from '../record.ts';
import type { Finding } from '../server-health/finding.ts';
import { observedIn, observedOfClients, type AlertLimits, type Observation } from './conditions.ts';
import { judge, type Standings, type Verdict } from './judge.ts';

export interface AlertsConfig extends AlertLimits {
  /** How long something has to be bad before it is raised, and good before it is cleared, ms. */
  afterMs: number;
}

export interface AlertKeeperDeps {
  store: EventStore;
  clock: Clock;
  logger: Logger;
  config: AlertsConfig;
}

/**
 * Raises and clears alerts by what the reconcilers observe; it looks at nothing itself. What is raised is told by the events, so a restart raises
 * nothing twice.
 */
export interface AlertKeeper {
  onSample(serverId: string, monitoring: ServerMonitoring): Promise<void>;
  onHealth(serverId: string, findings: readonly Finding[]): Promise<void>;
  onClients(serverId: string, clients: readonly ObservedClient[]): Promise<void>;
}

/** Longest time between two observations that belong together, ms. */
const gapMs = 180_000;
/** So many servers over the network that fail together make it likelier that we are cut off than that they are. */
const togetherMin = 2;

export const createAlertKeeper = (deps: AlertKeeperDeps): AlertKeeper => {
  const { store, clock, config } = deps;
  const standings = new Map<string, Standings>();
  const reached = new Map<string, { isAway: boolean; at: number }>();

  const verdictOn = (
    stream: string,
    observation: Observation,
    raised: readonly KnownAlert[],
    isSilenced: boolean,
  ): Verdict => {
    const options = { now: clock().getTime(), afterMs: config.afterMs, gapMs, isSilenced };
    const verdict = judge(standings.get(stream) ?? new Map(), observation, raised, options);
    standings.set(stream, verdict.standings);
    return verdict;
  };

  const onServer = async (serverId: string, observation: Observation, isAllAway = false): Promise<void> => {
    const { state } = await loadServer(store, serverId);
    const stream = streams.server(serverId);
    if (state.status === 'absent' || state.status === 'removed') {
      standings.delete(stream);
      reached.delete(serverId);
      return;
    }
    const verdict = verdictOn(stream, observation, state.alerts, isAllAway || isUnderWork(state));
    for (const command of commandsOf(verdict)) {
      await recordOnServer(store, serverId, command);
      log(deps, command, serverId);
    }
  };

  /** Whether none of the servers over the network answers, which is recorded as an alert about ourselves. */
  const areAllAway = async (): Promise<boolean> => {
    const now = clock().getTime();
    const known = [...reached.values()].filter(({ at }) => now - at <= gapMs);
    const isSo = known.length >= togetherMin && known.every(({ isAway }) => isAway);
    const { events } = await store.read<ControlPlaneEvent>(streams.controlPlane);
    const observation: Observation = {
      codes: ['all_unreachable'],
      conditions: [
        {
          code: 'all_unreachable',
          about: null,
          level: isSo ? 'bad' : 'good',
          words: message`None of ${known.length} servers answers`,
        },
      ],
    };
    const verdict = verdictOn(streams.controlPlane, observation, fold(controlPlaneDecider, events), false);
    for (const command of commandsOf(verdict)) {
      await recordOnControlPlane(store, command);
      log(deps, command);
    }
    return isSo;
  };

  return {
    onSample: (serverId, monitoring) => onServer(serverId, observedIn(monitoring, config)),
    onClients: (serverId, clients) => onServer(serverId, observedOfClients(clients)),
    async onHealth(serverId, findings) {
      const away = findings.find(({ code }) => code === 'engine_unreachable');
      const { state } = await loadServer(store, serverId);
      if (state.status !== 'absent' && state.server.connection.kind !== 'local') {
        reached.set(serverId, { isAway: away !== undefined, at: clock().getTime() });
      }
      const words =
        away === undefined
          ? message`The server answers`
          : (away.message ?? { template: away.detail, values: [] });
      const level = away === undefined ? 'good' : 'bad';
      const observation: Observation = {
        codes: ['unreachable'],
        conditions: [{ code: 'unreachable', about: null, level, words }],
      };
      await onServer(serverId, observation, await areAllAway());
    },
  };
};

const commandsOf = ({ raise, clear }: Verdict): AlertCommand[] => [
  ...raise.map(({ code, about, since, words }): AlertCommand => {
    const alert: RaisedAlert = {
      alertId: newId(),
      code,
      about,
      since: new Date(since).toISOString(),
      ...reasonOf(words),
    };
    return { type: 'raise_alert', alert };
  }),
  ...clear.map(({ code, about }): AlertCommand => ({ type: 'clear_alert', alert: { code, about } })),
];

const log = ({ logger }: AlertKeeperDeps, command: AlertCommand, serverId?: string): void => {
  const { code, about } = command.alert;
  const of = { code, ...(about === null ? {} : { about }), ...(serverId === undefined ? {} : { serverId }) };
  if (command.type === 'raise_alert') logger.warn({ ...of, reason: command.alert.reason }, 'alert raised');
  else logger.info(of, 'alert cleared');
};
