// What some access rules give, in words: the first of them, and how many more there are.
import type { Schemas } from '../api/client';
import { formatCount } from '../format';
import { LongText } from '../look/LongText';
import { scopeWord } from '../organisation/words';

export function AccessList({ total, first }: Schemas['AccessesView']) {
  return (
    <ul>
      {first.map(({ role, scope, scopeType, group }, index) => (
        <li key={index}>
          <LongText>{`${role} in ${scopeWord(scopeType)} ${scope}`}</LongText>
          {group != null && <LongText>{` through the group ${group}`}</LongText>}
        </li>
      ))}
      {total > first.length && <li>{formatCount(total - first.length, 'more access rules')}</li>}
    </ul>
  );
}
