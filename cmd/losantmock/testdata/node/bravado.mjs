// Reads definitions of the API and requests from its standard input, gives each
// request to Losant's own validator, and prints what it reports: one JSON list of
// texts, blank for a request that passes.
import { readFileSync } from 'fs';
import prepareParams from 'bravado-core/lib/prepare-params.js';
import validateParams from 'bravado-core/lib/validate-params.js';

const { definitions, requests } = JSON.parse(readFileSync(0, 'utf8'));

const report = ({ api, resource, action, path, query, headers, body }) => {
  const request = { path, headers, querystring: query, body: body === null ? undefined : JSON.parse(body) };
  const context = { api: definitions[api], resource: definitions[api].resources[resource] };
  context.action = context.resource.actions[action];
  try {
    validateParams(prepareParams({ httpRequest: true, request }, context), context);
    return '';
  } catch (err) {
    if (err.type !== 'Validation') { throw err; }
    return err.message;
  }
};

console.log(JSON.stringify(requests.map(report)));
