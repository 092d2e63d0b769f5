/** What is said of moves between servers, in Russian by the English templates. */
export const movesRu: Readonly<Record<string, string>> = {
  '"{}" or "{}" is required': 'Нужно "{}" или "{}"',
  'Container {} runs again': 'Контейнер {} снова работает',
  'No server keeps anything of this move any more':
    'Ни один сервер больше ничего не хранит от этого переезда',
  'Nothing was entered since the move': 'После переезда ничего не внесено',
  'Operation {} has moved no client': 'Операция {} никого не переносила',
  'Server {} could not be asked: {}': 'Сервер {} не удалось опросить: {}',
  'Server {} does not have all of the client any more: its container, its volume or its database is gone':
    'На сервере {} больше нет всего, что было у клиента: пропал его контейнер, том или база',
  'Server {} is {}, server {} is {}': 'Сервер {} — {}, сервер {} — {}',
  'Since the move: tables with other rows {}; files added {}, changed {}, removed {}. All of that is in the backup':
    'После переезда: таблицы, где строки изменились: {}; файлов добавлено {}, изменено {}, удалено {}. Всё это есть в резервной копии',
  'The client could not be measured: {}': 'Размер клиента не удалось измерить: {}',
  'The client lives on this server already': 'Клиент уже на этом сервере',
  'The database of server {} is {}, that of server {} {}': 'База данных сервера {} — {}, сервера {} — {}',
  'The server that the client has left keeps it until {}': 'Сервер, который клиент покинул, хранит его до {}',
  'The server that the client has left keeps it until {}: end that first (POST /operations/{}/release)':
    'Сервер, который клиент покинул, хранит его до {}: сначала завершите это (POST /operations/{}/release)',
  'This operation has taken a move back: there is nothing more to undo':
    'Эта операция отменила переезд: отменять больше нечего',
  'What is left on the former server is removed by itself, again and again until it is gone':
    'Оставшееся на прежнем сервере удаляется само, снова и снова, пока не исчезнет',
  'it takes too long': 'это длится слишком долго',
  'must be an id in lower case, or up to 100 with commas between, like "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"':
    'должен быть id в нижнем регистре, или до 100 через запятую, например "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"',
  'change container {}': 'изменить контейнер {}',
  '{} are needed on server {}, {} are free': 'Нужно {} на сервере {}, свободно {}',
  '{} inodes are needed on server {}, {} are free': 'Нужно {} inode на сервере {}, свободно {}',
};
