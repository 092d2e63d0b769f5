/** What is said about mails, in Russian by English templates. */
export const mailsRu: Readonly<Record<string, string>> = {
  'A mail to this address came back: {}': 'Письмо на этот адрес вернулось: {}',
  'A mail is tried again by POST /mails/{id}/retry, or its request is sent again':
    'Письмо отправляют ещё раз через POST /mails/{id}/retry или повторяют его запрос',
  'Another worker has it in hand': 'Его отправляет другой исполнитель',
  'It could not be delivered: {}': 'Его не удалось доставить: {}',
  'It waits for its turn': 'Оно ждёт своей очереди',
  'It would not be true any more: the last day of use is another one, or a nearer warning is due':
    'Оно уже неверно: последний день использования изменился или подошло следующее предупреждение',
  'No mail server is configured (ALFA_SMTP_URL): written to the file {} in the outbox':
    'Почтовый сервер не настроен (ALFA_SMTP_URL): записано в файл {} в каталоге outbox',
  'The address of the cloud could not be asked for': 'Не удалось узнать адрес облака',
  'The client does not exist any more': 'Клиента больше нет',
  'The connection to the mail server broke while it took the mail':
    'Соединение с почтовым сервером прервалось, пока он принимал письмо',
  'The connection to the mail server could not be encrypted: {}':
    'Соединение с почтовым сервером не удалось зашифровать: {}',
  'The mail could not be written to a file: {}': 'Письмо не удалось записать в файл: {}',
  'The mail server answered: {}': 'Почтовый сервер ответил: {}',
  'The mail server can not be reached: {}': 'Почтовый сервер недоступен: {}',
  'The mail server did not take the mail within {} s': 'Почтовый сервер не принял письмо за {} с',
  'The mail server has taken it: {}': 'Почтовый сервер принял его: {}',
  'The mail server refuses the login: {}': 'Почтовый сервер не принимает логин: {}',
  'The mail server refuses us: {}': 'Почтовый сервер отказывает: {}',
  'The personal data of the client can not be read any more':
    'Персональные данные клиента больше не прочитать',
  'There is no such mail': 'Такого письма нет',
  'This mail is being sent at this moment': 'Это письмо сейчас отправляется',
  'This mail was sent already; ask for another one by its own request':
    'Это письмо уже отправлено; для нового есть свой запрос',
  'Warnings have been switched off for this client': 'Предупреждения для этого клиента отключены',
  'Whether mails to this address came back could not be asked for':
    'Не удалось узнать, возвращались ли письма с этого адреса',
  '{}; it is tried again until it succeeds or is given up':
    '{}; попытки продолжатся, пока письмо не уйдёт или от него не откажутся',
};
