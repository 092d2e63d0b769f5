import type {
  BackupView,
  CloudSettingsView,
  CopyPlanView,
  ExpireDateChange,
  MovePlan,
} from '@alfa-cloud/contracts';
import type { ApiFault } from '../../api/api-error.ts';
import type { Resource } from '../../api/request.ts';

export type BackupResource = Resource<Omit<BackupView, 'id' | 'clientId' | 'serverId' | 'operationId'>>;

export type ExpireDateChangeResource = Resource<Omit<ExpireDateChange, 'id'>>;

export type CloudSettingsResource = Resource<CloudSettingsView>;

export interface MovePlanAttributes {
  targetServer: string;
  clients: MovePlan[];
  total: number;
}

export type CopyPlanAttributes = Omit<CopyPlanView, 'obstacles'> & { obstacles: ApiFault[] };
