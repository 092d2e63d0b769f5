import { errorMessage } from './errors.ts';
import { withDeadline } from './time.ts';

export interface CheckResult {
  status: 'ok' | 'unavailable';
  detail?: string;
}

export interface HealthReport {
  status: 'ok' | 'unavailable';
  service: string;
  checks: Record<string, CheckResult>;
}

/** Resolves when the part works, with an optional detail; throws when it does not. */
export type HealthCheck = () => Promise<string | void>;

export interface Health {
  /** The process runs and its event loop is not blocked. */
  live(): HealthReport;
  /** Every part that the service needs answers. */
  ready(): Promise<HealthReport>;
}

const checkDeadlineMs = 2000;

/** Health of one service; each check gets two seconds. */
export const createHealth = (options: {
  service: string;
  checks: Readonly<Record<string, HealthCheck>>;
}): Health => ({
  live: () => ({ status: 'ok', service: options.service, checks: {} }),
  async ready() {
    const entries = await Promise.all(
      Object.entries(options.checks).map(
        async ([name, check]) => [name, await resultOf(name, check)] as const,
      ),
    );
    const status = entries.every(([, result]) => result.status === 'ok') ? 'ok' : 'unavailable';
    return { status, service: options.service, checks: Object.fromEntries(entries) };
  },
});

const resultOf = async (name: string, check: HealthCheck): Promise<CheckResult> => {
  try {
    const detail = await withDeadline(checkDeadlineMs, `health check ${name}`, async () => check());
    return detail === undefined ? { status: 'ok' } : { status: 'ok', detail };
  } catch (error) {
    return { status: 'unavailable', detail: errorMessage(error) };
  }
};
