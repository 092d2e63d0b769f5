import { Type } from 'typebox';
import { common } from './common-steps.ts';
import { clientOperation } from './descriptor.ts';

/** Backs up a client's database and storage. */
export const backUpClient = clientOperation({
  kind: 'client.back_up',
  command: 'BackUpClient',
  parameters: { kind: Type.Union([Type.Literal('manual'), Type.Literal('scheduled')]) },
  http: {
    path: '/clients/{id}/backups',
    methods: ['POST'],
    summary: "Backs up the client's database and storage; ok only when the backup was read back and is whole",
    fixed: { kind: 'manual' },
  },
  title: { en: 'Backup', ru: 'Резервное копирование' },
  steps: common('backup'),
  retry: 'same parameters',
});
