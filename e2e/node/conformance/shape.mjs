// Holds an answer against the contract: every field in its type, none missing that a typed client wants.

import { contract } from "./table.mjs";

const PLAIN = {
  string: "string",
  datetime: "string",
  boolean: "boolean",
  int32: "number",
  uint32: "number",
  int64: "number",
  float: "number",
  number: "number",
};

// What is wrong with it, or nothing.
export function faultIn(answer, fields) {
  for (const field of fields) {
    if (field.one_of) {
      const faults = field.one_of.map((one) => faultIn(answer, [one]));
      if (faults.every(Boolean)) return faults[0];
      continue;
    }
    const value = answer[field.name] ?? null;
    const isNeeded = (field.strict ?? []).length > 0;
    if (value === null && isNeeded) return `${field.name} is missing`;
    const fault = value === null ? undefined : faultOf(value, field.type);
    if (fault) return `${field.name}: ${fault}`;
  }
  return undefined;
}

function faultOf(value, type) {
  const list = /^array<(.*)>$/.exec(type);
  if (list) return Array.isArray(value) ? firstFault(value, list[1]) : "is no list";
  const map = /^map<(.*)>$/.exec(type);
  if (map) return isObject(value) ? firstFault(Object.values(value), map[1]) : "is no map";
  if (type in PLAIN) return typeof value === PLAIN[type] ? undefined : `is no ${type}`;
  if (type === "any") return undefined;
  if (type === "object") return isObject(value) ? undefined : "is no object";
  if (type.startsWith("enum:")) return faultOfEnum(value, contract.enums[type.slice(5)]);
  const known = contract.types[type];
  if (!known?.fields) return undefined;
  return isObject(value) ? faultIn(value, known.fields) : "is no object";
}

function firstFault(values, type) {
  for (const value of values) {
    const fault = value === null ? "holds null" : faultOf(value, type);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfEnum(value, { safe_in_responses: safe }) {
  return safe === undefined || safe.length === 0 || safe.includes(value) ? undefined : `${value} is unknown to a client`;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
