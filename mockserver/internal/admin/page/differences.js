// What of a request differs from a pattern, a row for each field of a body.

const line = /^(\$.*?): (?:want ("(?:[^"\\]|\\.)*"|.*?), got (.*)|unexpected (.*))$/;

// rowsOf returns a difference as rows {field, want, got}; the details of one in JSON
// have a line for each field. Other details come as they are, {text}.
export function rowsOf({ field, want, got, details }) {
  if (!details) return [{ field, want, got }];
  if (!line.test(details.split('\n')[0])) return [{ field, want, got }, { text: details }];
  return details.split('\n').map((text) => {
    const found = line.exec(text);
    return found ? { field: found[1], want: found[2] ?? 'nothing', got: found[3] ?? found[4] } : { text };
  });
}
