// Counts what holds and says what does not.

import { isDeepStrictEqual } from "node:util";
import { StytchError } from "stytch";

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

// The call must end in the client's own error class, with this `error_type`
// and, where the contract fixes it, this status.
export async function refused(what, call, errorType, statusCode) {
  const error = await call.then(
    () => new Error("no error at all"),
    (thrown) => thrown,
  );
  if (!(error instanceof StytchError)) return fail(what, `a StytchError ${errorType}`, error);
  if (statusCode === undefined) return check(what, error.error_type, errorType);
  check(what, `${error.status_code} ${error.error_type}`, `${statusCode} ${errorType}`);
}

export function fail(what, expected, actual) {
  failed += 1;
  console.log(`not ok - ${what}`);
  console.log(`#   expected ${show(expected)}`);
  console.log(`#   actual   ${show(actual)}`);
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function show(value) {
  return value instanceof Error ? `${value.name}: ${value.message}` : JSON.stringify(value);
}
