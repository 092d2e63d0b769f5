import { expect, test } from '@jest/globals';
import { RecentConfigs } from './recent-configs.ts';

test('of an image for several architectures only the configuration of the same layers is remembered', () => {
  const configs = new RecentConfigs();
  const config = Buffer.from(JSON.stringify({ rootfs: { diff_ids: ['sha256:1', 'sha256:2'] } }));
  configs.add('sha256:index', config);
  expect(configs.of({ id: 'sha256:index', layers: ['sha256:1', 'sha256:2'] })).toBe(config);
  expect(configs.of({ id: 'sha256:index', layers: ['sha256:1', 'sha256:3'] })).toBeNull();
});
