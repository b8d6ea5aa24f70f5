import { expect, test } from 'vitest';
import { asProblem, offline, readProblem } from './problem';

const response = (status: number, headers = {}) => new Response(null, { status, headers });

test('a refusal keeps its code, faults and request id', () => {
  const faults = [{ field: 'secret', code: 'too_short', message: 'At least 8.' }];
  const body = { title: 'Wrong', detail: 'See below', code: 'validation.failed', request_id: 'r1', errors: faults };
  expect(readProblem(response(400), body)).toMatchObject({ code: 'validation.failed', requestId: 'r1', faults });
});

test('an answer that is no problem document still says something', () => {
  expect(readProblem(response(502, { 'X-Request-Id': 'r2' }), '<html>')).toMatchObject({
    code: 'http.502',
    status: 502,
    requestId: 'r2',
    faults: [],
  });
});

test('no answer, and a defect of our own, are told apart', () => {
  expect(offline(new TypeError('failed'))).toMatchObject({ status: 0, code: 'network.unreachable' });
  expect(asProblem(new Error('oops'))).toMatchObject({ code: 'console.defect', detail: 'oops' });
});
