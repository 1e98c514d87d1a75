// What permissions allow, in people's words.
import type { Permission } from './permissions';
import { entityName } from './words';

const WORDS: Record<string, string> = { read: 'view', update: 'edit' };

/** One line for all that it allows the same with: `view: Departments, Projects`. */
export function allowedBy(permissions: readonly Permission[]): string[] {
  const lines = new Map<string, Set<string>>();
  for (const { resourceType, displayName, actions } of permissions) {
    const words = actions.map((action) => WORDS[action] ?? action).join(', ');
    lines.set(words, (lines.get(words) ?? new Set<string>()).add(entityName(resourceType, displayName)));
  }
  return [...lines].map(([words, names]) => `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${[...names].join(', ')}`);
}
