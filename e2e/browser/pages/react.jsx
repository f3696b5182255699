// The provider and the hooks of the React package.

import * as stytch from "@stytch/react/b2b";
import { createRoot } from "react-dom/client";

window.stytchReact = stytch;
window.show = (client) => {
  const { StytchB2BProvider, useStytchMember, useStytchMemberSession } = stytch;
  function Who() {
    const { member } = useStytchMember();
    const { session } = useStytchMemberSession();
    return <p id="who">{session && member ? member.email_address : "nobody"}</p>;
  }
  createRoot(document.getElementById("root")).render(<StytchB2BProvider stytch={client}><Who /></StytchB2BProvider>);
};
