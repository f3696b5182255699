// Codes on paper stand in for a lost app, each of them once.

import { check, refused } from "../lib/checks.mjs";
import { factorsOf, halfWayIn, named } from "../lib/login.mjs";

export const steps = [aRecoveryCodeCompletesALoginOnce, theUnusedCodesCanBeRead, rotatingReplacesThemAll];

async function aRecoveryCodeCompletesALoginOnce(world) {
  const [spent] = world.ada.recoveryCodes;
  const login = await recovered(world, spent);
  check("a recovery code completes a login", factorsOf(login.member_session), ["password", "recovery_codes"]);
  check("nine are left", login.recovery_codes_remaining, 9);
  await refused("a recovery code works once", recovered(world, spent), "unable_to_authenticate_recovery_code");
}

async function theUnusedCodesCanBeRead(world) {
  const { recovery_codes } = await world.client.recoveryCodes.get(named(world, world.ada));
  const [, ...unused] = world.ada.recoveryCodes;
  check("the nine unused codes can be read", [...recovery_codes].sort(), [...unused].sort());
}

async function rotatingReplacesThemAll(world) {
  const { ada } = world;
  const old = ada.recoveryCodes;
  const { recovery_codes } = await world.client.recoveryCodes.rotate(named(world, ada));
  check("rotating makes ten codes", recovery_codes.length, 10);
  check("none of them is an old one", recovery_codes.some((code) => old.includes(code)), false);

  await refused("an old code is dead", recovered(world, old[1]), "unable_to_authenticate_recovery_code");
  const login = await recovered(world, recovery_codes[0]);
  check("a new code works", login.recovery_codes_remaining, 9);
}

async function recovered(world, recovery_code) {
  return world.client.recoveryCodes.recover({ ...(await halfWayIn(world, world.ada)), recovery_code });
}
