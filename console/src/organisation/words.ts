// How people call a scope within a sentence.
import { SCOPE_TYPES } from '../rules/rules';

export function scopeWord(scopeType: string): string {
  return SCOPE_TYPES.find(({ value }) => value === scopeType)?.label.toLowerCase() ?? scopeType;
}
