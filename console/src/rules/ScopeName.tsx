// The scope of a rule: its name, and on request its path and what is below it.
import Popover from '@cloudscape-design/components/popover';
import { lazy, Suspense } from 'react';
import { LongText } from '../look/LongText';
import { type Rule, SCOPE_TYPES } from './rules';

const ScopePlace = lazy(() => import('./ScopePlace'));

/** All of it, on several lines where it is long: scopes may begin alike. */
export function ScopeName({ rule }: { rule: Rule }) {
  return (
    <span className="wraps">
      <Popover header={typeOfScope(rule)} content={<Suspense fallback="Loading"><ScopePlace rule={rule} /></Suspense>} dismissAriaLabel="Close" triggerType="text" size="medium" wrapTriggerText renderWithPortal>
        <LongText>{rule.scopeName}</LongText>
      </Popover>
    </span>
  );
}

function typeOfScope({ scopeType }: Rule): string {
  return SCOPE_TYPES.find(({ value }) => value === scopeType)?.label ?? scopeType;
}
