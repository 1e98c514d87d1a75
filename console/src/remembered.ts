// Something small that this browser remembers, in localStorage. What lies there may be of an older console or written
// by hand, so it is read through a parser, and a browser that forbids storage just forgets.

export interface Remembered<T> {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
}

export function remembered<T>(name: string, usual: T, parse: (value: object) => T): Remembered<T> {
  const key = `rolecall.${name}`;
  const listeners = new Set<() => void>();
  let value = read(key, usual, parse);
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Full or forbidden: it holds until the page is closed.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read<T>(key: string, usual: T, parse: (value: object) => T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof value === 'object' && value !== null ? parse(value) : usual;
  } catch {
    return usual;
  }
}
