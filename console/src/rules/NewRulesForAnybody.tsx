// New access rules for subjects that are typed: they need not have been seen here before.
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useDraft } from '../dialog/draft';
import { useMay } from '../permissions/permissions';
import { namesIn, problemWith } from './names';
import { NewRulesDialog } from './NewRulesDialog';
import { MOST_AT_ONCE, SUBJECT_TYPES } from './rules';
import { SubjectFinder } from './SubjectFinder';

const NAMES = {
  user: { label: 'Emails', placeholder: 'ana@example.com', find: 'Find a user', listed: 'users', unknown: ' A rule for a user who does not exist yet applies as soon as they do.' },
  group: { label: 'Groups', placeholder: 'researchers', find: 'Find a group', listed: 'access_rules', unknown: '' },
  'service-account': { label: 'Client IDs', placeholder: 'nightly-report', find: 'Find a service account', listed: 'service-account', unknown: '' },
} as const;

export default function NewRulesForAnybody({ onClose }: { onClose: () => void }) {
  const [type, setType] = useDraft<keyof typeof NAMES>('subject-type', 'user');
  const [text, setText] = useDraft('subjects', '');
  const [problem, setProblem] = useState<string>();
  const may = useMay();
  const names = namesIn(text, type);
  const wrong = problemWith(names, type);
  const subjects = () => {
    setProblem(wrong);
    return wrong === undefined ? names.map((subjectId) => ({ subjectId, subjectType: type })) : undefined;
  };
  const add = (name: string) => {
    setText([...names.filter((other) => other !== name), name].join('\n'));
    setProblem(undefined);
  };
  const selected = SUBJECT_TYPES.find(({ value }) => value === type) ?? SUBJECT_TYPES[0];
  return (
    <NewRulesDialog
      title="New access rule"
      subjects={subjects}
      previewed={wrong === undefined ? names.map((subjectId) => ({ subjectId, subjectType: type })) : []}
      onSubjectProblem={setProblem}
      onClose={onClose}
      about={
        <SpaceBetween size="m">
          <FormField label="Subject type">
            <Select
              selectedOption={selected}
              options={SUBJECT_TYPES}
              onChange={({ detail }) => {
                const chosen = SUBJECT_TYPES.find(({ value }) => value === detail.selectedOption.value);
                if (chosen) setType(chosen.value);
                setProblem(undefined);
              }}
            />
          </FormField>
          {may([NAMES[type].listed, 'read']) && <SubjectFinder key={type} type={type} label={NAMES[type].find} onFound={add} />}
          <FormField label={NAMES[type].label} constraintText={`One per line, at most ${MOST_AT_ONCE}.${NAMES[type].unknown}`} {...(problem === undefined ? {} : { errorText: problem })}>
            <Textarea
              value={text}
              rows={3}
              placeholder={NAMES[type].placeholder}
              spellcheck={false}
              onChange={({ detail }) => {
                setText(detail.value);
                setProblem(undefined);
              }}
            />
          </FormField>
        </SpaceBetween>
      }
    />
  );
}
