export { createNotifier, type NotifierDeps } from './notifier.ts';
export { readNotifierConfig, type NotifierConfig } from './config.ts';
