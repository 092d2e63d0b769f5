import type { CopyPlanView, MovePlan } from '@alfa-cloud/contracts';
import type { Fault, Resource } from '@alfa-cloud/client';

export type ExpireDateChangeResource = Resource<'expire-date-changes'>;

export type CloudSettingsResource = Resource<'cloud-settings'>;

export interface MovePlanAttributes {
  targetServer: string;
  clients: MovePlan[];
  total: number;
}

export type CopyPlanAttributes = Omit<CopyPlanView, 'obstacles'> & { obstacles: Fault[] };
