export { type ApiGateway, createApiGateway } from './api-gateway.ts';
export { type FirstCredentials, type GatewayConfig, readGatewayConfig } from './config.ts';
export type { Route } from './http/route.ts';
export type { Credentials, CredentialsStore, GatewayDeps, GatewayMessaging } from './ports.ts';
