import { useState } from "react";

import type { LockedScreen } from "../backend/bindings";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { PinField, usePin } from "../parts/PinField";
import { SessionPicture } from "../parts/SessionPicture";
import { StaffPicker } from "../parts/StaffPicker";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

/** The desk is locked: an open visit stays, and nothing of it is shown. */
export function Locked({ step }: { step: LockedScreen }) {
  const call = useCall();
  const { operator, members, visitOpen, sheetInTray } = step;
  const [staff, setStaff] = useState(operator.id);
  const pin = usePin();
  const takesOver = visitOpen && staff !== operator.id;

  return (
    <Page
      title={m.locked_title()}
      lead={visitOpen ? m.locked_lead_visit({ name: operator.name }) : m.locked_lead()}
      picture={<SessionPicture state="locked" />}
      primary={{
        label: takesOver ? m.action_take_over() : m.action_unlock(),
        shortcut: "Enter",
        onPress: () => void call("unlock", { staff, pin: pin.take() }),
      }}
    >
      {sheetInTray && (
        <Notice tone="attention" title={m.locked_sheet()}>
          {m.locked_sheet_next()}
        </Notice>
      )}
      <StaffPicker
        label={m.staff_label()}
        members={members}
        chosen={staff}
        onChoose={(id) => {
          setStaff(id);
          pin.take();
        }}
        onDone={() => pin.input.current?.focus()}
      />
      <PinField label={m.pin_yours()} pin={pin} autoFocus />
      <div role="status">
        {takesOver && (
          <Notice tone="info" title={m.locked_take_over()}>
            {m.locked_take_over_next()}
          </Notice>
        )}
      </div>
    </Page>
  );
}
