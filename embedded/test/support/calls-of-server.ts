import type { CloudServer } from '@alfa-cloud/cloud-server';

/**
 * The same server; `onCall` hears of every call that asks it for something (Docker, files, reboot), when the call is on its way, in the
 * asynchronous context of its caller.
 */
export const withCallsTold = (server: CloudServer, onCall: () => void): CloudServer => {
  const told = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, object, args);
          if (result instanceof Promise) onCall();
          return result;
        };
      },
    });
  return {
    access: server.access,
    docker: told(server.docker),
    files: told(server.files),
    measure: (options) => server.measure(options),
    get: (request, options) => server.get(request, options),
    reboot: (request, options) => {
      const result = server.reboot(request, options);
      onCall();
      return result;
    },
    close: () => server.close(),
  };
};
