import type {
  AlertView,
  ClientView,
  OperationView,
  ServerStateName,
  ServerView,
  StepView,
} from '@alfa-cloud/contracts';
import type { Resource } from './request.ts';

export type ClientResource = Resource<
  Omit<ClientView, 'id' | 'serverId' | 'serverLimits' | 'placement' | 'cloud' | 'operationId'> & {
    aliasesAscii: string[];
  }
>;

export type ServerResource = Resource<
  Omit<ServerView, 'id' | 'connection' | 'operationId' | 'alerts'> & { state: ServerStateName }
>;

export type OperationStep = StepView & { title: string };

export type OperationResource = Resource<
  Omit<OperationView, 'id' | 'target' | 'parentId' | 'retryOf' | 'steps'> & {
    title: string;
    steps: OperationStep[];
  }
>;

export type AlertResource = Resource<
  Pick<AlertView, 'code' | 'about' | 'since' | 'raisedAt' | 'clearedAt'> & { title: string; detail: string }
>;
