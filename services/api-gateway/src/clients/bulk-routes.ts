import {
  BulkPace,
  type BulkPlanView,
  type BulkRequest,
  deployClients,
  newId,
  switchAllImages,
} from '@alfa-cloud/contracts';
import { type Static, type TProperties, Type } from 'typebox';
import type { StartedOperation } from '../commands/send-command.ts';
import type { Resource } from '../http/document.ts';
import { type Answer, type Method, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { type RouteServices, seeing } from '../services.ts';

const paceParameters = { ...BulkPace.properties, dryRun: Type.Optional(Type.Boolean()) };

/** Actions on many clients: canary first, then waves. Each works by GET and by POST alike; `dryRun` only tells what would happen. */
export const bulkRoutes = (services: RouteServices): Route[] => [
  ...bulk(services, {
    path: '/clients/switch_all',
    summary: 'Runs every client from another image',
    properties: { ...paceParameters, targetImage: switchAllImages.data.properties.targetImage },
    toRequest: (data) => ({ kind: 'clients.switch', data }),
  }),
  ...bulk(services, {
    path: '/clients/migrate_all',
    summary: "Updates every client's database",
    properties: paceParameters,
    toRequest: (data) => ({ kind: 'clients.migrate', data }),
  }),
  ...bulk(services, {
    path: '/clients/deploy',
    summary: "Makes every client's configuration anew; replaces only containers whose configuration differs",
    properties: { ...paceParameters, force: deployClients.data.properties.force },
    toRequest: (data) => ({ kind: 'clients.deploy', data }),
  }),
];

interface BulkAction<Properties extends TProperties> {
  path: string;
  summary: string;
  properties: Properties;
  /** The command's data are the query parameters but for `dryRun`. */
  toRequest: (data: Omit<Static<ReturnType<typeof Type.Object<Properties>>>, 'dryRun'>) => BulkRequest;
}

const bulk = <Properties extends TProperties>(
  services: RouteServices,
  action: BulkAction<Properties>,
): Route[] => (['GET', 'POST'] as const).map((method) => bulkRoute(services, method, action));

const commandOf = {
  'clients.switch': 'SwitchAllImages',
  'clients.migrate': 'MigrateAllClients',
  'clients.deploy': 'DeployClients',
} as const;

const bulkRoute = <Properties extends TProperties>(
  services: RouteServices,
  method: Method,
  { path, summary, properties, toRequest }: BulkAction<Properties>,
): Route =>
  route({
    method,
    path,
    summary: `${summary}; dryRun tells what would happen and what speaks against it`,
    acts: true,
    answers: { 202: 'operations', 200: 'bulk-plans' },
    parameters: Type.Object(properties, { additionalProperties: false }),
    async handle(request): Promise<Answer> {
      const { dryRun, ...data } = request.parameters as Static<ReturnType<typeof Type.Object<Properties>>> & {
        dryRun?: boolean;
        serverId?: string;
      };
      const bulkRequest = toRequest(data);
      if (dryRun === true) {
        const { result } = await services.queries.ask('PlanBulk', bulkRequest, seeing(request));
        return { status: 200, document: { data: presentPlan(bulkRequest, result) } };
      }
      const { commands } = services;
      const { kind } = bulkRequest;
      const { data: asked } = bulkRequest;
      const { serverId } = asked;
      const started: StartedOperation & { kind: typeof kind } = {
        kind,
        target: serverId === undefined ? { type: 'none', id: null } : { type: 'server', id: serverId },
        parameters: { ...asked },
      };
      const sent = await commands.send(commandOf[kind], commands.idOf(request), asked, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });

/** Resource `bulk-plans`. It is not kept anywhere: its id only tells it from others. */
const presentPlan = ({ kind }: BulkRequest, plan: BulkPlanView): Resource => ({
  type: 'bulk-plans',
  id: newId(),
  attributes: {
    kind,
    clients: plan.clients,
    total: plan.total,
    skipped: plan.skipped,
    skippedTotal: plan.skippedTotal,
    obstacles: plan.obstacles,
    canary: plan.canary,
    waveSize: plan.waveSize,
    stopAfter: plan.stopAfter,
  },
});
