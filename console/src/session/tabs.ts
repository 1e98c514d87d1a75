// The tabs of a browser share its session. When someone signs in, the others learn who it is.
const CHANNEL = 'rolecall-session';

export function tellOtherTabs(username: string) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(username);
  channel.close();
}

/** `told` gets the email of a person who signed in, in another tab. */
export function onOtherTab(told: (username: unknown) => void) {
  new BroadcastChannel(CHANNEL).addEventListener('message', ({ data }) => told(data));
}
