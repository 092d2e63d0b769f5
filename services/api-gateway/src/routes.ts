import { alertRoutes } from './alerts/routes.ts';
import { adminPasswordRoutes } from './authentication/admin-password-route.ts';
import { buildRoutes } from './builds/routes.ts';
import { clientRoutes } from './clients/routes.ts';
import { feedRoutes } from './feed/routes.ts';
import { historyRoutes } from './history/routes.ts';
import type { Route } from './http/route.ts';
import { mailRoutes } from './mails/routes.ts';
import { actionRoutes } from './operations/action-routes.ts';
import { operationRoutes } from './operations/routes.ts';
import { repositoryRoutes } from './repository/routes.ts';
import { serverRoutes } from './servers/routes.ts';
import type { RouteServices } from './services.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** Every path that answers with documents of JSON:API, but the probes. */
export const apiRoutes = (
  services: RouteServices,
  access: Parameters<typeof adminPasswordRoutes>[1],
): Route[] => [
  ...serverRoutes(services),
  ...clientRoutes(services),
  ...operationRoutes(services),
  ...historyRoutes(services),
  ...feedRoutes(services),
  ...alertRoutes(services),
  ...mailRoutes(services),
  ...webhookRoutes(services),
  ...repositoryRoutes(services),
  ...buildRoutes(services),
  ...adminPasswordRoutes(services, access),
  ...actionRoutes(services),
];
