import {
  deriveId,
  detailsOf,
  message,
  reasonOf,
  streams,
  switchAllImages,
  type ClientView,
  type Command,
  type CommandData,
  type CommandReply,
  type OperationEvent,
  type Receipt,
  type SwitchRule,
} from '@alfa-cloud/contracts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import {
  evolveOperation,
  initialOperation,
  operationIdOf,
  rejectOperation,
  StepCancelled,
  StepFailure,
  type StepIo,
  type StepWork,
} from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName, sleep } from '@alfa-cloud/service-kit';
import { wholeList } from '../cleanup/needs.ts';
import { inOne } from '../image/image-tags.ts';
import { askedInStep } from '../servers/read-models.ts';
import { knownServers } from '../servers/registered.ts';
import type { BuildDeps, Building } from './building.ts';

const switchMs = 8 * 60_000;
/** Longest time in which another switch over the same clients may end first. */
const patienceMs = 30 * 60_000;
const lookAgainMs = 2000;
/** The first look of the operation asks every server for the image. */
const replyMs = 20_000;
/** How often the reply is waited for, as who decides may be starting again. */
const replyLooks = 15;
/** As many as one command may name. */
const clientsMax = 10_000;

type Switch = Command<CommandData<'SwitchAllImages'>, 'SwitchAllImages'>;

/**
 * The command that switches clients after a build: always the same one at each attempt, so that a step that is repeated begins nothing twice.
 * @param refused attempts that were refused before, since another switch had not ended
 */
export const switchIdOf = (buildId: string, refused = 0): string =>
  refused === 0 ? deriveId(buildId, 'switch') : deriveId(buildId, 'switch', String(refused));

/**
 * Begins the switch of clients to the image where the rule of the repository asks for it. It comes after the image has been tested, named and
 * brought to the servers, and goes on by itself. Another switch over these clients may end first. One that is refused is told of in the log and the
 * history; the build is good all the same.
 */
export const switchStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: switchMs + patienceMs,
    // Nothing is built any more, and another switch may be waited for.
    holdsNoPlace: true,
    async act(building, io) {
      const until = performance.now() + patienceMs;
      let told: string | null = null;
      for (let refused = 0; ; refused += 1) {
        // Looked at anew after each wait: rule and clients may have changed.
        const meant = await meantSwitch(deps, building, io.signal);
        if (typeof meant === 'string') return meant;
        const command = commandOf(deps, meant.data, {
          id: switchIdOf(building.build.operationId, refused),
          cause,
        });
        const reply = await decided(deps, command, io);
        const other = inTheWay(reply);
        if (other === null || performance.now() > until)
          return toldBy(deps, command, { ...meant, reply, cause }, io);
        if (other !== told) io.output(`Operation ${other} over these clients has to end first\n`);
        told = other;
        await untilEnded(deps.store, other, { until, io });
      }
    },
  });

interface MeantSwitch {
  data: Switch['data'];
  /** Clients beyond those that one command may name. */
  left: number;
}

/** Whom the rule wants switched now, or why nobody. */
const meantSwitch = async (
  deps: BuildDeps,
  { role, build }: Building,
  signal: AbortSignal,
): Promise<MeantSwitch | string> => {
  const rule = await deps.switchRule(role);
  if (rule === null || rule.switch === 'none') return 'No rule asks for it';
  const { operationId, image, servers } = build;
  if (image === null) throw new Error(`Build ${operationId} has no image yet`);
  const clients = await clientsFor(deps, rule.switch, signal);
  const isThere = ({ serverId, imageId }: ClientView) =>
    imageId === image.imageId ||
    servers.some((place) => place.serverId === serverId && place.imageId === imageId);
  const meant = clients.filter((client) => !isThere(client)).map(({ id }) => id);
  const clientIds = meant.slice(0, clientsMax);
  if (clientIds.length === 0) return 'No client has to be switched: there is none, or all run from the image';
  const { switch: _, ...pace } = rule;
  const data = { targetImage: inOne(image), clientIds, ...pace };
  return { data, left: meant.length - clientIds.length };
};

const commandOf = (
  { clock }: BuildDeps,
  data: Switch['data'],
  { id, cause }: { id: string; cause: Cause },
): Switch => ({
  id,
  name: 'SwitchAllImages',
  data,
  actor: cause.actor,
  correlationId: cause.correlationId,
  causationId: cause.commandId,
  issuedAt: clock().toISOString(),
  fingerprint: id,
});

/** Those that live where the rule says, the copies of clients included. */
const clientsFor = async (
  deps: BuildDeps,
  where: Exclude<SwitchRule['switch'], 'none'>,
  signal: AbortSignal,
): Promise<ClientView[]> => {
  const queries = askedInStep(deps.queries);
  const servers = await knownServers({ store: deps.store, queries }, signal);
  const meant = new Set(
    servers.filter(({ server }) => where === 'all' || server.role === where).map(({ server }) => server.id),
  );
  const sort = [{ field: 'slug' as const, descending: false }];
  const clients = await wholeList(async (page) => {
    const request = { page, sort, filter: { status: 'active' as const }, includeServers: false };
    return (await queries.ask('ListClients', request, { signal })).result;
  }, signal);
  return clients.filter(({ serverId }) => meant.has(serverId));
};

const inTheWay = (reply: CommandReply | null): string | null => {
  const fault = reply?.outcome === 'rejected' ? reply.faults[0] : undefined;
  const other = fault?.code === 'operation_in_progress' ? fault.meta?.['operationId'] : undefined;
  return typeof other === 'string' ? other : null;
};

/**
 * What it held back is free some moments after its end.
 * @throws StepCancelled when the build is cancelled meanwhile: nothing has been begun
 */
const untilEnded = async (
  store: EventStore,
  operationId: string,
  { until, io }: { until: number; io: StepIo },
): Promise<void> => {
  const stream = streams.operation(operationId);
  let state = initialOperation();
  let fromRevision = 0n;
  do {
    await sleep(lookAgainMs, io.signal);
    if (await io.isCancelRequested()) throw new StepCancelled('switch');
    const { events, revision } = await store.read<OperationEvent>(stream, { fromRevision });
    state = events.reduce(evolveOperation, state);
    if (state.status === 'ended') return;
    if (revision !== null) fromRevision = revision + 1n;
  } while (performance.now() < until);
};

/**
 * The same command again finds the reply that was given meanwhile. Null: it has still not been decided on, and will be, also if the build is cancelled. Only
 * then it has a receipt, by which a refusal is recorded as its end: one for which the build waits is none.
 */
const decided = async (deps: BuildDeps, command: Switch, io: StepIo): Promise<CommandReply | null> => {
  for (let look = 1; look < replyLooks; look += 1) {
    const reply = await sent(deps, command, { waitMs: replyMs });
    io.signal.throwIfAborted();
    if (reply !== null) return reply;
    if (await io.isCancelRequested()) return sent(deps, command, { waitMs: 0, receipt: receiptOf(command) });
    if (look === 1) {
      io.output(`Operation ${operationIdOf(command)}, the switch of clients, has not been decided on yet\n`);
    }
  }
  return sent(deps, command, { waitMs: replyMs, receipt: receiptOf(command) });
};

const receiptOf = (command: Switch): Receipt => ({
  operationId: operationIdOf(command),
  commandId: command.id,
  kind: switchAllImages.kind,
  target: { type: 'none', id: null },
  parameters: command.data,
  retryOf: null,
  actor: command.actor,
  correlationId: command.correlationId,
  acceptedAt: command.issuedAt,
  made: null,
});

const sent = async (
  { commands }: BuildDeps,
  command: Switch,
  options: { waitMs: number; receipt?: Receipt },
): Promise<CommandReply | null> => {
  try {
    const answer = await commands().send(command, options);
    return answer.kind === 'reply' ? answer.reply : null;
  } catch (cause) {
    if (errorName(cause) !== 'MessagingUnavailable') throw cause;
    const words = message`The switch of clients could not be asked for: NATS does not answer`;
    throw new StepFailure('transient', 'switch_not_sent', words, { cause });
  }
};

/** A refusal stands as the operation that it would have been, so that it is seen where one looks for it. */
const toldBy = async (
  { store }: BuildDeps,
  command: Switch,
  { reply, left, cause }: { reply: CommandReply | null; left: number; cause: Cause },
  io: StepIo,
): Promise<string> => {
  const { targetImage, clientIds = [] } = command.data;
  const operationId = operationIdOf(command);
  if (reply?.outcome !== 'rejected') {
    const more = `${left} more are left, as one operation takes no more than ${clientsMax}: once it has ended, build again, and the next ones are switched`;
    if (left > 0) io.output(`${more}\n`);
    const how = reply === null ? 'are to be switched' : 'are switched';
    const begun = `${clientIds.length} clients ${how} to ${targetImage} by operation ${operationId}`;
    return left === 0 ? begun : `${begun}; ${more}`;
  }
  const why = reasonOf(detailsOf(reply.faults));
  const { kind } = switchAllImages;
  const failure = { code: reply.faults[0]?.code ?? 'rejected', ...why, step: null };
  const asked = { kind, parameters: command.data, acceptedAt: command.issuedAt };
  await rejectOperation(store, { operationId, command: command.name, failure, told: asked, cause });
  io.output(`${why.reason}\n`);
  return `No client is switched: ${why.reason}`;
};
