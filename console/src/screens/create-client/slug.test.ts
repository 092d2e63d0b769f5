import { expect, test } from '@jest/globals';
import { isSlug, slugOf } from './slug.ts';

test('a slug is proposed for a name in any script', () => {
  expect(slugOf('Лаборатория «Один»')).toBe('laboratoriya-odin');
  expect(slugOf('ООО «Щёлково-Тест» № 5')).toBe('ooo-shchelkovo-test-5');
  expect(slugOf('Žilina Café')).toBe('zilina-cafe');
  expect(slugOf('2-я поликлиника')).toBe('ya-poliklinika');
  expect(slugOf('北京')).toBe('');
});

test('what is proposed is taken, however long the name', () => {
  for (const name of ['Объединённая диагностическая лаборатория имени Боткина', 'a'.repeat(39) + ' b']) {
    expect(isSlug(slugOf(name))).toBe(true);
  }
});

test('what Alfa Cloud refuses is no slug', () => {
  for (const text of ['', '1lab', 'lab-', 'lab--one', 'Lab', 'лаб', 'a'.repeat(41)])
    expect(isSlug(text)).toBe(false);
});
