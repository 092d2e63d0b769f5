/** What is said of copies on stage servers, in Russian by English templates. */
export const copiesRu: Readonly<Record<string, string>> = {
  '"{}" would be longer than {} characters: send a slug for the copy':
    'Имя "{}" длиннее {} символов: укажите slug для копии',
  '"{}" is the copy of this client on server {}: refresh it there, or send a slug for another copy':
    '"{}" — копия этого клиента на сервере {}: обновите её там или укажите slug для другой копии',
  'Another copy of this client is being made on the server':
    'На этом сервере уже создаётся другая копия этого клиента',
  'Clearing the queues of the copy': 'Очистка очередей копии',
  'Client {}, the source of the copy, is not there any more': 'Клиента {}, источника копии, больше нет',
  'Copy "{}" is on the server already. All that was entered there will be lost, its accounts and passwords included. Send confirm=true if that is meant':
    'Копия "{}" уже есть на сервере. Всё, что в неё внесено, будет потеряно, в том числе учётные записи и пароли. Если так и нужно, отправьте confirm=true',
  'Masking the data of the copy': 'Обезличивание данных копии',
  'Operation {} changes the data of the source meanwhile': 'Операция {} тем временем меняет данные источника',
  'Server {} has the role {}, and copies are made on servers of role stage alone':
    'У сервера {} роль {}, а копии создаются только на серверах с ролью stage',
  "The copy is there already: its owner's password is set by POST /clients/owner_password":
    'Копия уже есть: пароль её владельца задаётся через POST /clients/owner_password',
  'The copy of this client on the server has the slug "{}", which can\'t be changed':
    'У копии этого клиента на сервере имя "{}", и изменить его нельзя',
  'What it has made was taken back, and what it was to be masked with is not kept: send the copy anew (POST /clients/{id}/copy_to)':
    'Созданное убрано, а то, чем обезличить данные, не хранится: отправьте запрос копии заново (POST /clients/{id}/copy_to)',
  'What it was to be masked with is not kept: send the copy anew (POST /clients/{id}/copy_to)':
    'То, чем обезличить данные, не хранится: отправьте запрос копии заново (POST /clients/{id}/copy_to)',
};
