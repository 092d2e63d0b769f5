import { pipeline, Transform } from 'node:stream';
import type { CloudServer, DockerEngine } from '@alfa-cloud/cloud-server';

const megabyte = 1_000_000;

/**
 * The same server; `onMoment` hears how images come and go there, in the moment itself: `saveImage/8 MB` and `loadImage/8 MB` when so much of the archive has
 * passed, `loadImage/answered` when the engine has taken it in, `tagImage/answered` when it has given a name.
 */
export const withMomentsTold = (server: CloudServer, onMoment: (moment: string) => void): CloudServer => {
  const { docker } = server;
  const counted = (call: string): Transform => {
    let bytes = 0;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const before = Math.floor(bytes / megabyte);
        bytes += chunk.length;
        for (let passed = before + 1; passed <= bytes / megabyte; passed += 1)
          onMoment(`${call}/${passed} MB`);
        done(null, chunk);
      },
    });
  };
  const told: Partial<DockerEngine> = {
    saveImage(images, output, options) {
      const counter = counted('saveImage');
      pipeline(counter, output, () => undefined);
      return docker.saveImage(images, counter, options);
    },
    async loadImage(input, options) {
      const archive = pipeline(input, counted('loadImage'), () => undefined);
      const answer = await docker.loadImage(archive, options);
      onMoment('loadImage/answered');
      return answer;
    },
    async tagImage(...args) {
      await docker.tagImage(...args);
      onMoment('tagImage/answered');
    },
  };
  const observed = new Proxy(docker, {
    get: (of, name) => {
      if (Object.hasOwn(told, name)) return told[name as keyof DockerEngine];
      const value: unknown = Reflect.get(of, name);
      return typeof value === 'function' ? (value.bind(of) as unknown) : value;
    },
  });
  return {
    access: server.access,
    docker: observed,
    files: server.files,
    measure: (options) => server.measure(options),
    get: (request, options) => server.get(request, options),
    reboot: (request, options) => server.reboot(request, options),
    close: () => server.close(),
  };
};
