// An authenticator app: RFC 6238 with SHA-1, 6 digits and steps of 30 seconds.

import { createHmac } from "node:crypto";
import { clock } from "./dev.mjs";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export async function rightCode(secret) {
  return codeAt(secret, currentStep(await clock.now()));
}

// A step counts once, so whoever wants to show a second code waits for the next.
export async function nextCode(secret) {
  await clock.advance("31s");
  return rightCode(secret);
}

function currentStep(now) {
  return Math.floor(now.getTime() / 30_000);
}

function codeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest.at(-1) & 0x0f;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

function fromBase32(text) {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
