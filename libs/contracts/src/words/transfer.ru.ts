/** What is said of data on their way from one server to another, in Russian by English templates. */
export const transferRu: Readonly<Record<string, string>> = {
  'Nothing has come from {} or gone to it for {} s': '{}: ничего не пришло и не ушло за {} с',
  'Volume {} is not there': 'Тома {} нет',
  'Container {} of server {} is not there': 'Контейнера {} на сервере {} нет',
  '{}, on server {}': '{}, на сервере {}',
  '{} did not say what it has done': '{}: не сообщено, что сделано',
  'Comparing the storages of {}': 'Сравнение хранилищ {}',
  'Removing what the storage of {} does not have': 'Удаление того, чего нет в хранилище {}',
  'Sending the storage of {}': 'Передача хранилища {}',
  'Counting the storage of {}': 'Подсчёт контрольных сумм хранилища {}',
  'Verifying the storage of {}': 'Проверка хранилища {}',
  'The storages of {} differ after the transfer: {}': 'После передачи хранилища {} различаются: {}',
  'Measuring the storage of {}': 'Измерение хранилища {}',
  'Bringing over backup {}': 'Перенос резервной копии {}',
  'The read models do not tell where backup {} lies':
    'Модели чтения не отвечают, где лежит резервная копия {}',
  'Bringing over database {}': 'Передача базы данных {}',
  'Database {} has {} tables after the transfer, the source has {}':
    'После передачи таблиц в базе данных {}: {}, а в исходной: {}',
  'Tables of database {} differ after the transfer: {}':
    'После передачи таблицы базы данных {} различаются: {}',
  'a socket belongs to the process that has made it': 'сокет принадлежит процессу, который его создал',
  'a device belongs to its server': 'устройство принадлежит своему серверу',
  'its longest row has {} bytes, and a server takes a statement of 1 GiB at most':
    'самая длинная строка таблицы: {} байт, а сервер принимает оператор не длиннее 1 ГиБ',
  '{} values have more digits than a dump prints of single precision':
    'значений, у которых больше цифр, чем дамп печатает для одинарной точности: {}',
};
