// A fault as it stands in a scenario, and as the fields of a form.

import { headerFields, wholeNumber, wrong } from './input.js';

const numeric = ['from', 'to', 'every', 'status', 'limitData', 'throttle', 'latencyChunks'];
const decimal = ['probability', 'latencySigma'];

// toFault returns the fault that a form describes, as it stands in a scenario.
export function toFault(values) {
  const fault = {};
  const latency = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === '' || value === false) continue;
    let read = value;
    if (numeric.includes(name)) read = wholeNumber(name, value);
    else if (decimal.includes(name)) {
      read = Number(value);
      if (Number.isNaN(read)) throw wrong(name, `${value} is not a number`);
    } else if (name === 'headers') read = headerFields(name, value);
    else if (name === 'steps') {
      try {
        read = JSON.parse(value);
      } catch (error) {
        throw wrong(name, `This is not JSON: ${error.message}`);
      }
    }
    if (name.startsWith('latency')) latency[name[7].toLowerCase() + name.slice(8)] = read;
    else fault[name] = read;
  }
  return Object.keys(latency).length > 0 ? { ...fault, latency } : fault;
}

// toValues returns what a form shows of a fault. A latency that is one time is fixed.
export function toValues(fault) {
  const { latency, headers, steps, ...rest } = fault;
  const values = { ...rest };
  const parts = typeof latency === 'object' && latency !== null ? latency : latency === undefined ? {} : { fixed: latency };
  for (const [name, value] of Object.entries(parts)) values[`latency${name[0].toUpperCase()}${name.slice(1)}`] = value;
  if (headers) values.headers = Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');
  if (steps) values.steps = JSON.stringify(steps);
  for (const [name, value] of Object.entries(values)) if (typeof value === 'number') values[name] = String(value);
  return values;
}

// located says which field an error of a fault is about.
export const located = (error) => Object.assign(error, { field: /faults\[\d+\]\.(?:latency\.)?(\w+)/.exec(error.message)?.[1] ?? error.field });
