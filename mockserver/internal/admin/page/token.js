// The admin token: a form that says beside its field that a token is wrong.

import { keepToken, Problem, send, server } from './api.js';
import { h } from './dom.js';
import { form } from './form.js';
import { store } from './store.js';

// askForToken shows the form, and returns the token when the server takes it; blank
// when the form is left.
export function askForToken(wrong) {
  return new Promise((resolve) => {
    let given = '';
    const close = () => dialog.close();
    const tokenForm = form({
      label: 'Admin token', action: 'Continue', cancel: close,
      fields: [{ name: 'token', label: 'Admin token', kind: 'password', wide: true, hint: 'The one of --admin-token. It is kept until this tab is closed.' }],
      submit: async ({ token }, signal) => {
        if (token === '') throw Object.assign(new Error('Type the token'), { field: 'token' });
        const response = await send(`${server}/__admin/sandboxes`, { signal }, token);
        if (response.status === 401) throw new Problem('The server refuses this token', 401, 'token');
        given = token;
        close();
      },
    });
    const dialog = h('dialog', { 'aria-labelledby': 'token-title', onclose: () => {
      dialog.remove();
      if (given) keepToken(given);
      store.set({ tokenKept: given !== '' });
      resolve(given);
    } }, h('h2', { id: 'token-title' }, 'This server needs its admin token'), tokenForm.element);
    document.body.append(dialog);
    dialog.showModal();
    tokenForm.focus();
    if (wrong) tokenForm.fail(new Problem('The server refuses the token that was kept', 401, 'token'));
  });
}
