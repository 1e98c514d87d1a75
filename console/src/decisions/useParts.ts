// The parts of the question in the address, as far as they are there.
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../permissions/permissions';
import { rolesQuery } from '../rules/roles';
import { useSession } from '../session/session';
import { usePermission } from './PermissionField';
import { type ChangeQuestion, type Question, type Subject, subjectIn, useQuestion } from './question';
import { useScope } from '../scopes/useScopeNames';

/** Whom one asks about. Without a subject in the address, a reader who may not ask about others asks about themselves. */
export function useSubject(question: Question): { subject: Subject | undefined; isReader: boolean; mayAsk: boolean } {
  const mayAskOthers = useMay()(['access_rules', 'read']);
  const username = useSession()?.username;
  const reader: Subject | undefined = username === undefined ? undefined : { type: 'user', id: username };
  const subject = question.subject === undefined && !mayAskOthers ? reader : subjectIn(question.subject);
  const isReader = subject !== undefined && subject.type === 'user' && subject.id.toLowerCase() === username;
  return { subject, isReader, mayAsk: mayAskOthers || subject === undefined || isReader };
}

export function useParts() {
  const [question, change]: [Question, ChangeQuestion] = useQuestion();
  const { subject, isReader, mayAsk } = useSubject(question);
  const { permission, deed } = usePermission(question.can);
  const place = useScope(question.scope);
  // Only what a role permits is offered where one comes from it.
  const roles = useQuery({ ...rolesQuery(), enabled: question.role !== undefined });
  const role = roles.data?.find(({ id }) => String(id) === question.role);
  const noRole = roles.data !== undefined && role === undefined ? question.role : undefined;
  return { question, change, subject, isReader, mayAsk, permission, deed, scope: question.scope, place: place.name, isNoScope: place.problem !== undefined, role, noRole };
}
