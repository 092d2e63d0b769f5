import {
  deriveId,
  detailsOf,
  message,
  reasonOf,
  switchAllImages,
  type ClientView,
  type Command,
  type CommandData,
  type CommandReply,
  type SwitchRule,
} from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import {
  operationIdOf,
  rejectOperation,
  StepFailure,
  type StepIo,
  type StepWork,
} from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { errorName } from '@alfa-cloud/service-kit';
import type { PublishedImage } from '../builds/builds.ts';
import { wholeList } from '../cleanup/needs.ts';
import { inOne } from '../image/image-tags.ts';
import { askedInStep } from '../servers/read-models.ts';
import { knownServers } from '../servers/registered.ts';
import type { BuildDeps, Building } from './building.ts';

const switchMs = 120_000;
/** The first look of the operation asks every server for the image. */
const replyMs = 20_000;
/** As many as one command may name. */
const clientsMax = 10_000;

type Switch = Command<CommandData<'SwitchAllImages'>, 'SwitchAllImages'>;

/** The command that switches clients after a build: always the same one, so that a step that is repeated begins nothing twice. */
export const switchIdOf = (buildId: string): string => deriveId(buildId, 'switch');

/**
 * Begins the switch of clients to the image where the rule of the repository asks for it. It comes after the image has been tested, named and
 * brought to the servers, and goes on by itself. One that is refused is told of in the log and the history; the build is good all the same.
 */
export const switchStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: switchMs,
    async act({ role, build }, io) {
      const rule = await deps.switchRule(role);
      if (rule === null || rule.switch === 'none') return 'No rule asks for it';
      const { operationId, image } = build;
      if (image === null) throw new Error(`Build ${operationId} has no image yet`);
      const clients = await clientsFor(deps, rule.switch, io.signal);
      const isThere = ({ serverId, imageId }: ClientView) =>
        imageId === image.imageId ||
        build.servers.some((place) => place.serverId === serverId && place.imageId === imageId);
      const clientIds = clients.filter((client) => !isThere(client)).map(({ id }) => id);
      if (clientIds.length === 0)
        return 'No client has to be switched: there is none, or all run from the image';
      const id = switchIdOf(operationId);
      const { switch: _, ...pace } = rule;
      const data = { targetImage: inOne(image), clientIds, ...pace };
      const command: Switch = {
        id,
        name: 'SwitchAllImages',
        data,
        actor: cause.actor,
        correlationId: cause.correlationId,
        causationId: cause.commandId,
        issuedAt: deps.clock().toISOString(),
        fingerprint: id,
      };
      return toldBy(
        deps,
        command,
        { reply: await sent(deps, command), image, count: clientIds.length, cause },
        io,
      );
    },
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
  return clients.filter(({ serverId }) => meant.has(serverId)).slice(0, clientsMax);
};

/** Null: it has not been decided on yet, and will be. */
const sent = async ({ commands }: BuildDeps, command: Switch): Promise<CommandReply | null> => {
  const { id: commandId, actor, correlationId, issuedAt: acceptedAt } = command;
  const receipt = {
    operationId: operationIdOf(command),
    commandId,
    kind: switchAllImages.kind,
    target: { type: 'none', id: null },
    parameters: command.data,
    retryOf: null,
    actor,
    correlationId,
    acceptedAt,
    made: null,
  } as const;
  try {
    const answer = await commands().send(command, { waitMs: replyMs, receipt });
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
  told: { reply: CommandReply | null; image: PublishedImage; count: number; cause: Cause },
  io: StepIo,
): Promise<string> => {
  const { reply, image, count, cause } = told;
  const operationId = operationIdOf(command);
  if (reply?.outcome !== 'rejected')
    return `${count} clients are switched to ${inOne(image)} by operation ${operationId}`;
  const why = reasonOf(detailsOf(reply.faults));
  const { kind } = switchAllImages;
  const failure = { code: reply.faults[0]?.code ?? 'rejected', ...why, step: null };
  const asked = { kind, parameters: command.data, acceptedAt: command.issuedAt };
  await rejectOperation(store, { operationId, command: command.name, failure, told: asked, cause });
  io.output(`${why.reason}\n`);
  return `No client is switched: ${why.reason}`;
};
