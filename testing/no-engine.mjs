/** In unit tests this stands for the clients of EventStoreDB, Docker and ssh, as loading those takes longer than most files of tests. */
const refuse = () => {
  throw new Error('A unit test reaches no engine');
};

export default function Docker() {
  refuse();
}
export const Client = refuse;
export const EventStoreDBClient = { connectionString: refuse };
export const START = 'start';
export const excludeSystemEvents = refuse;
export const jsonEvent = refuse;
