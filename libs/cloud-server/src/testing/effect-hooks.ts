import type { CloudServer } from '../cloud-server.ts';

/** A call that changes something on a server. */
export interface Effect {
  /** `docker.createContainer`, `files.writeAtomic`, … */
  name: string;
  /** The call's arguments; secrets are among them. */
  args: readonly unknown[];
  /** Counts the effects of this server from 1. */
  number: number;
}

/** Called around every effect, for tests that crash or disturb there. What a hook throws, the call throws. */
export interface EffectHooks {
  before?(effect: Effect): void | Promise<void>;
  /** The call is on its way and has not been answered yet. */
  during?(effect: Effect): void | Promise<void>;
  after?(effect: Effect): void | Promise<void>;
}

const effects: Readonly<Record<'docker' | 'files', ReadonlySet<string>>> = {
  docker: new Set([
    'tagImage',
    'untagImage',
    'pullImage',
    'loadImage',
    'buildImage',
    'createNetwork',
    'removeNetwork',
    'connectNetwork',
    'disconnectNetwork',
    'createVolume',
    'removeVolume',
    'createContainer',
    'startContainer',
    'stopContainer',
    'removeContainer',
    'renameContainer',
    'setRestartPolicy',
    'exec',
    'execStream',
  ]),
  files: new Set(['createDirectory', 'writeAtomic', 'removeFile', 'removeDirectory']),
};

/** The same server, with hooks around everything that changes something there; what only looks is left alone. */
export const withEffectHooks = (server: CloudServer, hooks: EffectHooks): CloudServer => {
  let number = 0;
  const hooked = async (name: string, args: readonly unknown[], act: () => Promise<unknown>) => {
    number += 1;
    const effect = { name, args, number };
    await hooks.before?.(effect);
    const result = act();
    // Whoever throws first, no rejection of the other one is left without a handler.
    const [, value] = await Promise.all([hooks.during?.(effect), result]);
    await hooks.after?.(effect);
    return value;
  };
  const wrap = <Part extends 'docker' | 'files'>(part: Part): CloudServer[Part] =>
    new Proxy(server[part], {
      get(target, property, receiver) {
        const method: unknown = Reflect.get(target, property, receiver);
        if (typeof property !== 'string' || typeof method !== 'function' || !effects[part].has(property)) {
          return method;
        }
        return (...args: unknown[]) =>
          hooked(`${part}.${property}`, args, () => method.apply(target, args) as Promise<unknown>);
      },
    });
  return {
    ...server,
    docker: wrap('docker'),
    files: wrap('files'),
    reboot: async (...args) => void (await hooked('reboot', args, () => server.reboot(...args))),
  };
};
