import { expect, test } from 'vitest';
import { safePlace } from './returnTo';

const place = (text: string | undefined) => safePlace(text, 'https://rolecall.example.com');

test('a place of the console is kept with all that stands in its address', () => {
  expect(place('/access/users?filterBy=username%3D%40a%2Cb&page=2#x')).toBe('/access/users?filterBy=username%3D%40a%2Cb&page=2#x');
  expect(place('/')).toBe('/');
});

test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/a\\..\\..//evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  'access/users',
  '/sign-in?to=/',
  '/api/v1/users',
])('%j leads to the first page', (text) => {
  expect(place(text)).toBe('/');
});
