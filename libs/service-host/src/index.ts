export { connectBus, connectEngines, type Bus, type Engines } from './engines.ts';
export { hostBusService, hostService, type HostDeps, type HostedService } from './host.ts';
export { recordLateDecision } from './record-late-decision.ts';
export { rejectPoison } from './reject-poison.ts';
