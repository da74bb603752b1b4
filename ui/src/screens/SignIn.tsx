import { useState } from "react";

import type { SignInScreen } from "../backend/bindings";
import { Page } from "../parts/Page";
import { PinField, usePin } from "../parts/PinField";
import { SessionPicture } from "../parts/SessionPicture";
import { StaffPicker } from "../parts/StaffPicker";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

/** "Wer arbeitet an diesem Platz?" Who is alone needs the PIN only. */
export function SignIn({ step: { members } }: { step: SignInScreen }) {
  const call = useCall();
  const only = members.length === 1 ? members[0] : undefined;
  const [staff, setStaff] = useState(only?.id ?? null);
  const pin = usePin();

  return (
    <Page
      title={m.sign_in_title()}
      lead={only === undefined ? m.sign_in_lead() : m.sign_in_lead_one()}
      picture={<SessionPicture state="signed_out" />}
      primary={{
        label: m.action_sign_in(),
        shortcut: "Enter",
        isDisabled: staff === null,
        note: staff === null ? m.staff_first() : null,
        onPress: () => {
          if (staff !== null) void call("sign_in", { staff, pin: pin.take() });
        },
      }}
    >
      <StaffPicker
        label={m.staff_label()}
        members={members}
        chosen={staff}
        onChoose={(id) => {
          setStaff(id);
          pin.take();
        }}
        onDone={() => pin.input.current?.focus()}
        autoFocus={only === undefined}
      />
      <PinField label={m.pin_yours()} pin={pin} autoFocus={only !== undefined} />
    </Page>
  );
}
