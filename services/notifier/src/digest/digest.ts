import type { AlertCode } from '@alfa-cloud/contracts';

/** What the administrator is told each day, as it is kept in the event of its notice. Clients are told by their slugs: names are personal. */
export interface Digest {
  day: string;
  /** Active clients whose last day comes within 30 days, the nearest first; `total` with those that are not listed. */
  expiring: { total: number; clients: { slug: string; expireDate: string }[] };
  /** Active servers that are not well. */
  servers: { name: string; health: string }[];
  /** Alerts that are raised. */
  alerts: { code: AlertCode; server: string | null; about: string | null }[];
  /** Operations that failed in the last day, by kind. */
  failed: { kind: string; count: number }[];
}
