/** Where clients go, and why not elsewhere, in Russian by English templates. */
export const placementRu: Readonly<Record<string, string>> = {
  '{} is the only server that can take the client; places taken there: {} of {}':
    'Взять клиента может только сервер {}; занято мест: {} из {}',
  '{} has the lowest share of places taken, {} of {}, among {} servers':
    'На сервере {} занята наименьшая доля мест, {} из {}; серверов на выбор: {}',
  '{} servers have the lowest share of places taken, {} with {} of {}':
    'Серверов с наименьшей долей занятых мест: {}; на сервере {} занято {} из {}',
  '{}; it has the most free memory of them': '{}; из них на нём больше всего свободной памяти',
  '{}; it has the most free disk space of them': '{}; из них на нём больше всего места на диске',
  '{}; it is the first of them by name': '{}; из них он первый по названию',
  '{}; servers passed over, {}': '{}; пропущены серверы: {}',
  'short of memory or disk space: {}': 'где мало памяти или места на диске — {}',
  'without the image: {}': 'без образа — {}',
  'There is no other server of role {}': 'Нет другого сервера с ролью {}',
  '{}; no server of role {} can take the client': '{}; ни один сервер с ролью {} не может взять клиента',
  '{}; servers of role {} come before those of role {}':
    '{}; серверы с ролью {} идут раньше серверов с ролью {}',
  '{}; a copy goes to servers of role stage alone': '{}; копия переезжает только на серверы с ролью stage',
  'it has no place left': 'на нём не осталось мест',
  'No server can take the client. {}': 'Ни один сервер не может взять клиента. {}',
  'No server can take the client. {}; and {} more': 'Ни один сервер не может взять клиента. {}; и ещё {}',
  'Server {} is being drained: its clients move to other servers, and it takes no new ones':
    'Сервер {} освобождается: его клиенты переезжают на другие серверы, новых он не берёт',
  'There is no other server for clients of this one': 'Для клиентов этого сервера нет другого',
  'Clients left on the server: {}. {}': 'Остались на сервере клиентов: {}. {}',
  'it has come since the clients were listed': 'появился после составления списка',
  'Clients of the server are being moved away: cancel that first (POST /operations/{}/cancel)':
    'Клиенты сервера переезжают: сначала отмените это (POST /operations/{}/cancel)',
};
