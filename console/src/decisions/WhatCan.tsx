// All that a subject can do: whom the question is about, and below it the answer.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { EffectiveAccess } from './EffectiveAccess';
import { MayNotAsk } from './MayNotAsk';
import { printSubject } from './question';
import { ScopeField } from '../scopes/ScopeField';
import { SubjectField } from './SubjectField';
import { useParts } from './useParts';
import { nameOf } from './words';

export function WhatCan() {
  const { question, change, subject, isReader, mayAsk, scope } = useParts();
  return (
    <SpaceBetween size="l">
      <Container>
        <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
          <SubjectField subject={subject} onChange={(subject) => change({ subject: subject && printSubject(subject) })} />
          <ScopeField label="In" scope={scope} onChange={(scope) => change({ scope })} />
        </Grid>
      </Container>
      {subject === undefined ? (
        <Box color="text-body-secondary">Choose a subject. What they can do, and where, is shown here.</Box>
      ) : !mayAsk ? (
        <MayNotAsk what={`what ${nameOf({ subject, isReader })} can do`} />
      ) : (
        <EffectiveAccess
          key={printSubject(subject)}
          subject={subject}
          isReader={isReader}
          scope={scope}
          onScope={(scope) => change({ scope })}
          search={question.search ?? ''}
          onSearch={(search) => change({ search: search === '' ? undefined : search })}
        />
      )}
    </SpaceBetween>
  );
}
