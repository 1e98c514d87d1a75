// What the console filters by is what the API document says that the server filters by. Orders are compared by their types.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RULE_FIELDS } from '../rules/rules';
import { USER_FIELDS } from '../users/users';

interface Parameter {
  name: string;
  schema: { 'x-filter-fields'?: Record<string, string> };
}
const document = JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, { get: { parameters: Parameter[] } }>;
};

function fieldsAt(path: string): Record<string, string> | undefined {
  return document.paths[path]?.get.parameters.find(({ name }) => name === 'filterBy')?.schema['x-filter-fields'];
}

test.each([
  ['/api/v1/users', USER_FIELDS],
  ['/api/v1/authorization/access-rules', RULE_FIELDS],
])('the filters of %s are those of the document', (path, fields) => {
  expect(fieldsAt(path)).toMatchObject(Object.fromEntries(fields.map(({ name, kind }) => [name, kind])));
});
