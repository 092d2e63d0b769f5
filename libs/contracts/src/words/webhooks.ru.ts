/** What is said about webhooks and notices, in Russian by English templates. */
export const webhooksRu: Readonly<Record<string, string>> = {
  'The address is none of ALFA_ALERT_EMAILS any more': 'Этого адреса больше нет в ALFA_ALERT_EMAILS',
  'The address of the receiver lies in a private network, which ALFA_WEBHOOK_PRIVATE does not allow':
    'Адрес получателя лежит в частной сети, а ALFA_WEBHOOK_PRIVATE этого не разрешает',
  'The notice could not be handed over: {}': 'Уведомление не удалось передать: {}',
  'The receiver answered {}': 'Получатель ответил {}',
  'The receiver can not be reached: {}': 'Получатель недоступен: {}',
  'The receiver did not answer within {} s': 'Получатель не ответил за {} с',
  'Secret and address of the webhook can not be read any more: set others':
    'Секрет и адрес вебхука больше не прочитать: задайте другие',
  'The server was well again within a minute': 'В течение минуты на сервере снова всё было в порядке',
  'The webhook does not exist any more': 'Вебхука больше нет',
  'The webhook is switched off': 'Вебхук выключен',
  'There are {} webhooks already': 'Вебхуков уже {}',
  'There is no such delivery': 'Такой доставки нет',
  'There is no such webhook': 'Такого вебхука нет',
  'is no address that something can be sent to': 'не является адресом, на который можно что-то отправить',
  'must be whsec_ and 24 to 64 bytes as base64, like "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"':
    'должно быть whsec_ и от 24 до 64 байт в base64, например «whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw»',
  'must be an address without user, password and fragment, like "https://hooks.example.org/alfa"':
    'должно быть адресом без пользователя, пароля и фрагмента, например «https://hooks.example.org/alfa»',
  'Webhooks go to https:// addresses only': 'Вебхуки отправляются только на адреса https://',
};
