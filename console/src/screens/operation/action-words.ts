import { catalogue } from '../../words/language.ts';

export const words = catalogue({
  en: {
    reason: 'Reason',
    reasonHint: 'Stands in the history.',
    cancel: {
      name: 'Cancel the operation',
      does: 'It stops as soon as it can, and takes back what it has done.',
      doesMany: 'No further client is begun; those that are running are let finish and keep what was done.',
    },
    retry: {
      name: 'Try again',
      does: 'Runs it again with the same parameters, as a new operation.',
      nameMany: 'Repeat for the failed',
      doesMany:
        'Runs it again for the clients that did not end well, as a new operation. The others are left as they are.',
    },
    undo: {
      name: 'Take the move back',
      does: 'Brings the client back to its former server, exactly as it was there when it moved.',
      risk: 'What was entered since the move does not come along. It is kept as a backup first.',
    },
    release: {
      name: 'Remove from the former server',
      does: 'Removes now what the former server still keeps of the client. The client itself works on.',
      risk: 'The move can’t be taken back afterwards.',
    },
  },
  ru: {
    reason: 'Причина',
    reasonHint: 'Останется в истории.',
    cancel: {
      name: 'Отменить операцию',
      does: 'Операция остановится, как только сможет, и отменит то, что сделала.',
      doesMany:
        'За новых клиентов операция не возьмётся; у тех, с кем работа уже идёт, она дойдёт до конца, и сделанное останется.',
    },
    retry: {
      name: 'Повторить',
      does: 'Запускает то же самое ещё раз новой операцией.',
      nameMany: 'Повторить для неудачных',
      doesMany: 'Запускает новую операцию для клиентов, у которых не получилось. Остальные не затрагиваются.',
    },
    undo: {
      name: 'Отменить переезд',
      does: 'Возвращает клиента на прежний сервер точно таким, каким он был при переезде.',
      risk: 'Внесённое после переезда с клиентом не вернётся. Сначала оно сохраняется в резервной копии.',
    },
    release: {
      name: 'Удалить с прежнего сервера',
      does: 'Сразу удаляет то, что прежний сервер ещё хранит. Сам клиент продолжает работать.',
      risk: 'После этого переезд уже не отменить.',
    },
  },
});
