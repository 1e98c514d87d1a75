// How people call what the API has words for.

const SCOPES: Readonly<Record<string, string>> = { tenant: 'account', cluster: 'cluster', department: 'department', project: 'project' };
const SUBJECTS: Readonly<Record<string, string>> = { user: 'User', group: 'Group', 'service-account': 'Service account' };

export function scopeWord(scopeType: string): string {
  return SCOPES[scopeType] ?? scopeType;
}

export function subjectWord(subjectType: string): string {
  return SUBJECTS[subjectType] ?? subjectType;
}
