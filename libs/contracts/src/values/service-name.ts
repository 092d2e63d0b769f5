export type ServiceName = 'api-gateway' | 'provisioner' | 'builder' | 'notifier' | 'projector';
