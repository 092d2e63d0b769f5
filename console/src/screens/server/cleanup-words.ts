import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    nothing: 'There is nothing to remove.',
    frees: (bytes: string) => `Frees ${bytes}:`,
    stay: (count: number) => `Images that stay: ${count}`,
    kinds: { container: 'container of a killed test', network: 'network of a killed test' },
  },
  ru: {
    nothing: 'Удалять нечего.',
    frees: (bytes: string) => `Освободится ${bytes}:`,
    stay: (count: number) => `Останется образов: ${count}`,
    kinds: { container: 'контейнер прерванной проверки', network: 'сеть прерванной проверки' },
  },
});
