export { connectBus, connectEngines, type Bus, type Engines } from './engines.ts';
export { hostService, type HostedService } from './host.ts';
export { recordLate } from './record-late.ts';
export { rejectPoison } from './reject-poison.ts';
