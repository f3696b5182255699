// Counts what holds and says what does not.

import { isDeepStrictEqual } from "node:util";

let passed = 0;
let failed = 0;

export function check(what, actual, expected = true) {
  if (isDeepStrictEqual(actual, expected)) {
    passed += 1;
    console.log(`ok - ${what}`);
  } else {
    fail(what, expected, actual);
  }
}

export function fail(what, expected, actual) {
  failed += 1;
  console.log(`not ok - ${what}`);
  console.log(`#   expected ${show(expected)}`);
  console.log(`#   actual   ${show(actual)}`);
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function show(value) {
  return value instanceof Error ? `${value.stack}` : JSON.stringify(value);
}
