import type {
  BackupView,
  CloudSettingsView,
  CopyPlanView,
  ExpireDateChange,
  ImageView,
  MailView,
  MovePlan,
} from '@alfa-cloud/contracts';
import type { ApiFault } from '../../api/api-error.ts';
import type { Resource } from '../../api/request.ts';

export type ImageResource = Resource<
  Pick<
    ImageView,
    'references' | 'version' | 'sizeBytes' | 'createdAt' | 'build' | 'outdated' | 'clientCount'
  > & {
    presence: ImageView['servers'];
  }
>;

export type BackupResource = Resource<Omit<BackupView, 'id' | 'clientId' | 'serverId' | 'operationId'>>;

export type ExpireDateChangeResource = Resource<Omit<ExpireDateChange, 'id'>>;

export type MailResource = Resource<Omit<MailView, 'id' | 'clientId' | 'operationId'>>;

export type CloudSettingsResource = Resource<CloudSettingsView>;

export interface MovePlanAttributes {
  targetServer: string;
  clients: MovePlan[];
  total: number;
}

export type CopyPlanAttributes = Omit<CopyPlanView, 'obstacles'> & { obstacles: ApiFault[] };
