import { useState } from "react";

import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { Action } from "./Action";
import { ConfirmDialog } from "./ConfirmDialog";

/** The person may take their word back until a code exists. */
export function ChipRevoke() {
  const call = useCall();
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Action look="plain" label={m.chip_revoke()} onPress={() => setAsked(true)} />
      {isAsked && (
        <ConfirmDialog
          title={m.chip_revoke_title()}
          text={m.chip_revoke_text()}
          doIt={m.chip_revoke_do()}
          onConfirm={() => {
            setAsked(false);
            void call("revoke_chip");
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
