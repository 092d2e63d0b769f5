import type { Health, HealthReport } from '@alfa-cloud/service-kit';
import { Type } from 'typebox';
import { type Answer, type Route, route } from './http/route.ts';

const parameters = Type.Object({}, { additionalProperties: false });

/** How it stands with the gateway and what it needs. */
const document = Type.Object({
  meta: Type.Object({
    status: Type.Enum(['ok', 'unavailable'], { description: 'Of the whole.', examples: ['ok'] }),
    service: Type.String({ description: 'Who answers.', examples: ['api-gateway'] }),
    checks: Type.Record(
      Type.String(),
      Type.Object({
        status: Type.Enum(['ok', 'unavailable'], { description: 'Of this part.', examples: ['ok'] }),
        detail: Type.Optional(Type.String({ description: 'More about it.', examples: ['not connected'] })),
      }),
      { description: 'Each part, by name.', examples: [{ messaging: { status: 'ok' } }] },
    ),
  }),
});

/** Paths for probes; they need no credentials, and an address of the allow-list like every other. */
export const healthRoutes = (health: Health): Route[] => [
  route({
    method: 'GET',
    path: '/health/live',
    summary: 'The gateway runs',
    answers: { 200: '' },
    document,
    parameters,
    open: true,
    handle: async () => answerOf(health.live()),
  }),
  route({
    method: 'GET',
    path: '/health/ready',
    summary: 'The gateway and all that it needs can serve requests',
    answers: { 200: '', 503: '' },
    document,
    parameters,
    open: true,
    handle: async () => answerOf(await health.ready()),
  }),
];

const answerOf = (report: HealthReport): Answer => ({
  status: report.status === 'ok' ? 200 : 503,
  document: { meta: { ...report } },
});
