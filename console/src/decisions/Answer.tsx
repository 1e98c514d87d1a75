// The answer to a question, in sentences: the access rules that it follows from, or what is missing, and what would mend it.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Icon from '@cloudscape-design/components/icon';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { sentence } from '../api/failure';
import { formatNumber } from '../format';
import { LongText } from '../look/LongText';
import { PageLink } from '../shell/PageLink';
import type { Decision } from './decisions';
import { Disabled } from './Disabled';
import { Fixes } from './Fixes';
import { hrefOfRule, nameOf, sentenceOfRule, type Who } from './words';

interface Props {
  decision: Decision;
  who: Who;
  /** `create workspaces` */
  deed: string;
  /** The name of the scope. */
  place: string;
  again: () => void;
  isAsking: boolean;
}

/** With these the server says that a word of the question means nothing to it, or nothing that the reader may know. */
const NO_SUCH_THING = ['no-such-scope', 'unknown-subject-type', 'unknown-subject', 'unknown-resource-type', 'unknown-action'];

export function Answer({ decision: { decision, context }, who, deed, place, again, isAsking }: Props) {
  const { code, reason, rules = null, hiddenRules = null, disabled, fixes = null } = context;
  const about = NO_SUCH_THING.includes(code ?? '') ? 'No' : `${nameOf(who)} may ${decision ? '' : 'not '}${deed} in ${place}`;
  // A rule for a disabled subject mends nothing by itself.
  const isDisabled = disabled === true || code === 'subject-disabled';
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button iconName="refresh" ariaLabel="Ask again" loading={isAsking} onClick={again} />}>
          <LiveRegion tagName="span">
            {decision ? <Icon name="status-positive" variant="success" size="inherit" /> : <Icon name="status-negative" variant="error" size="inherit" />} <LongText>{about}</LongText>
          </LiveRegion>
        </Header>
      }
    >
      <SpaceBetween size="m">
        {reason !== undefined && <div><LongText>{sentence(reason)}</LongText></div>}
        {rules !== null && (rules.length > 0 || hiddenRules !== null) && (
          <div>
            <Box variant="h3">{decision ? 'Because' : 'These access rules have no effect now'}</Box>
            <ul className="plain">
              {rules.map((rule) => (
                <li key={rule.id}>
                  <PageLink href={hrefOfRule(rule)}>Rule {rule.id}</PageLink>: <LongText>{`${sentenceOfRule(rule, who)}.`}</LongText>
                </li>
              ))}
              {hiddenRules !== null && (
                <li>
                  {rules.length > 0 ? 'And ' : ''}
                  {formatNumber(hiddenRules)} {rules.length > 0 ? 'more ' : ''}
                  {hiddenRules === 1 ? 'access rule that you cannot see.' : 'access rules that you cannot see.'}
                </li>
              )}
            </ul>
          </div>
        )}
        {isDisabled ? <Disabled who={who} lacksRule={disabled === true} again={again} /> : fixes !== null && <Fixes fixes={fixes} who={who} />}
      </SpaceBetween>
    </Container>
  );
}
