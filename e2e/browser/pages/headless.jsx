// The headless client, handed to whoever drives the page.

import { createStytchB2BClient } from "@stytch/vanilla-js/b2b";

window.createClient = (token, options) => {
  window.stytch = createStytchB2BClient(token, options);
};
