// The pre-built forms, mounted by whoever drives the page.

import * as b2b from "@stytch/vanilla-js/b2b";

window.b2b = b2b;
