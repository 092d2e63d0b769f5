export { createNotifier } from './notifier.ts';
export { readNotifierConfig, type NotifierConfig } from './config.ts';
