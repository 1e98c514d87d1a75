// The parts of the question in the address, as far as they are there.
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../permissions/permissions';
import { rolesQuery } from '../rules/roles';
import { useSession } from '../session/session';
import { usePermission } from './PermissionField';
import { type ChangeQuestion, type Question, type Subject, subjectIn, useQuestion } from './question';
import { useScopeName } from '../scopes/useScopeNames';

/** Whom one asks about: who may not ask about others begins with himself. */
export function useSubject(question: Question): { subject: Subject | undefined; isReader: boolean } {
  const mayAskOthers = useMay()(['access_rules', 'read']);
  const username = useSession()?.username;
  const reader: Subject | undefined = username === undefined ? undefined : { type: 'user', id: username };
  const subject = subjectIn(question.subject) ?? (mayAskOthers ? undefined : reader);
  return { subject, isReader: subject !== undefined && subject.type === 'user' && subject.id.toLowerCase() === username };
}

export function useParts() {
  const [question, change]: [Question, ChangeQuestion] = useQuestion();
  const { subject, isReader } = useSubject(question);
  const { permission, deed } = usePermission(question.can);
  const place = useScopeName(question.scope);
  // Only what a role permits is offered where one comes from it.
  const roles = useQuery({ ...rolesQuery(), enabled: question.role !== undefined });
  const role = roles.data?.find(({ id }) => String(id) === question.role);
  return { question, change, subject, isReader, permission, deed, scope: question.scope, place, role };
}
