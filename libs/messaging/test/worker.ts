import { createLogger } from '@alfa-cloud/service-kit';
import { connectMessaging } from '../src/index.ts';

/*
 * Serves the provisioner's commands in a process of its own, for tests that kill it.
 * Modes: `endless` never ends a command; `crash` dies in a command whose reason says so, as from a fault in native code, and accepts others.
 */
const [url = '', mode = ''] = process.argv.slice(2);
const say = (...words: string[]) => process.stdout.write(`${words.join(' ')}\n`);

const logger = createLogger({ service: 'worker', level: 'silent' });
const messaging = await connectMessaging({ url, name: 'worker', logger });
await messaging.serveCommands('provisioner', {
  ackWaitMs: 1000,
  handlers: {
    CancelOperation: {
      async handle(delivery) {
        const { command, attempt } = delivery;
        say('begun', command.id, String(attempt));
        if (mode === 'endless') await new Promise(() => {});
        // Those beside it have begun as well by then.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (command.data.reason === 'crash') process.kill(process.pid, 'SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 50));
        await delivery.accepted({ operationId: command.data.operationId }, 42n);
        say('ended', command.id);
      },
    },
  },
  async onLateDecision({ command, outcome }) {
    say('late', command.id, outcome.kind);
  },
  async onPoison({ command, faults }) {
    say('poison', command?.id ?? 'unreadable', faults.map(({ code }) => code).join());
  },
});
say('ready');
