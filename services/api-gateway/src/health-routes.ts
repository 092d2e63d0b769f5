import type { Health, HealthReport } from '@alfa-cloud/service-kit';
import { Type } from 'typebox';
import { type Answer, type Route, route } from './http/route.ts';

const parameters = Type.Object({}, { additionalProperties: false });

/** Paths for probes; they need no credentials, and an address of the allow-list like every other. */
export const healthRoutes = (health: Health): Route[] => [
  route({
    method: 'GET',
    path: '/health/live',
    summary: 'The gateway runs',
    answers: { 200: '' },
    parameters,
    open: true,
    handle: async () => answerOf(health.live()),
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    summary: 'The gateway and all that it needs can serve requests',
    answers: { 200: '' },
    parameters,
    open: true,
    handle: async () => answerOf(await health.ready()),
  }),
];

const answerOf = (report: HealthReport): Answer => ({
  status: report.status === 'ok' ? 200 : 503,
  document: { meta: { ...report } },
});
