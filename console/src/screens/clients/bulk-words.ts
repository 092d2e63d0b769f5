import { catalogue, russianPlural } from '../../words/language.ts';

export const bulkWords = catalogue({
  en: {
    forAll: 'For all clients',
    tooMany: (max: number) => `At most ${max} clients can be chosen for one action.`,
    server: 'Of the server',
    allServers: 'All servers',
    switch: {
      name: 'Switch image',
      does: 'Runs each client from the chosen image without a gap. One whose new container is not healthy goes on with its present one.',
      image: 'Image',
      imageWords: { here: 'Images', elsewhere: 'Images' },
      other: 'Name of an image in a registry',
    },
    migrate: {
      name: 'Update the database',
      does: 'Each client: maintenance page, backup, migrations, page off. Where they fail, the backup is put back.',
    },
    deploy: {
      name: 'Renew the configuration',
      does: 'Makes the configuration of each client anew. Only containers that differ from it are replaced, without a gap; nobody gets another image.',
      force: 'Replace all containers, also those that do not differ',
    },
    move: {
      name: 'Move to another server',
      does: 'Copies each client to the other server and starts it there. Each shows its maintenance page at the end for a while; one that fails stays where it is.',
      target: 'To the server',
    },
    canary: 'First one at a time',
    canaryHint: 'If one of these fails, nobody else is touched.',
    waveSize: 'Then at the same time',
    stopAfter: 'Stop after failures',
    planned: (count: number) =>
      count === 1 ? '1 client will be changed' : `${count} clients will be changed`,
    nobody: 'There is nobody to change.',
    skipped: (count: number) => `${count} left out`,
    away: 'Servers that do not answer: their clients come last and fail unless the server is back by then',
    obstacles: 'What speaks against it',
    first: (count: number) => `The first ${count} are shown.`,
  },
  ru: {
    forAll: 'Для всех клиентов',
    tooMany: (max: number) => `Для одного действия можно выбрать не больше ${max} клиентов.`,
    server: 'На сервере',
    allServers: 'На всех серверах',
    switch: {
      name: 'Сменить образ',
      does: 'Переводит каждого клиента на выбранный образ без перерыва. Если новый контейнер неисправен, клиент продолжает работать на прежнем.',
      image: 'Образ',
      imageWords: { here: 'Образы', elsewhere: 'Образы' },
      other: 'Имя образа в реестре',
    },
    migrate: {
      name: 'Обновить базу данных',
      does: 'У каждого клиента: страница обслуживания, резервная копия, миграции, страница убрана. Где миграции не прошли, копия возвращается.',
    },
    deploy: {
      name: 'Обновить конфигурацию',
      does: 'Создаёт конфигурацию каждого клиента заново. Заменяются, без перерыва, только контейнеры, которые от неё отличаются; образ ни у кого не меняется.',
      force: 'Заменить все контейнеры, даже если они не отличаются',
    },
    move: {
      name: 'Перенести на другой сервер',
      does: 'Копирует каждого клиента на другой сервер и запускает там. Под конец каждый на время показывает страницу обслуживания; с кем не удалось, остаётся на месте.',
      target: 'На сервер',
    },
    canary: 'Сначала по одному',
    canaryHint: 'Если с кем-то из них не получится, остальных не тронут.',
    waveSize: 'Потом одновременно',
    stopAfter: 'Остановиться после неудач',
    planned: (count: number) =>
      `${russianPlural(count, 'Будет изменён', 'Будут изменены', 'Будут изменены')} ${count} ${russianPlural(count, 'клиент', 'клиента', 'клиентов')}`,
    nobody: 'Не осталось ни одного клиента, которого нужно менять.',
    skipped: (count: number) => `Пропускается: ${count}`,
    away: 'Серверы не отвечают: их клиенты идут последними и, если сервер не вернётся, закончат с ошибкой',
    obstacles: 'Что мешает',
    first: (count: number) => `Показаны первые ${count}.`,
  },
});
