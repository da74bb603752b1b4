import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { ProofInput } from "../src/backend/bindings";
import { amsel, habicht, PIN } from "../src/backend/fakePeople";
import { openDesk, sentBy } from "./desk";

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const rowOf = (name: RegExp) => screen.getByRole("rowheader", { name }).closest("tr")!;

describe("a carer's visit", () => {
  it("goes from the number to two letters by keyboard alone", async () => {
    const open = await openDesk("start");
    const { user, happens } = open;
    await user.keyboard("{F2}");
    expect(screen.getByLabelText("Vertreternummer")).toHaveFocus();
    await user.keyboard("v-h8d3mpw");
    expect(screen.getByLabelText("Vertreternummer")).toHaveValue("V-H8D3 MPW");
    await user.keyboard("c");
    await heading("Für wen handelt Elke Freifrau an der Elster?");

    await happens((desk) => desk.insertCard(amsel));
    await user.keyboard("{F9}{F9}{F9}");
    expect(rowOf(/^Amsel/u)).toHaveTextContent("möglich");
    await user.keyboard("{F3}k123456781{Tab}Kiebitz{Tab}Karin{Tab}01.01.1933{Enter}");
    expect(rowOf(/^Kiebitz/u)).toHaveTextContent("Nachweis fehlt");
    expect(screen.getByLabelText("Gericht")).toHaveFocus();
    await user.keyboard("Amtsgericht Altona{Tab}17 XVII 12/26{Tab}2.11.2026{Tab} {F9}{F9}{F9}");
    expect(rowOf(/^Kiebitz/u)).toHaveTextContent("möglich");
    expect(screen.getByRole("button", { name: /^Weiter mit 2 Anliegen/u })).toHaveFocus();
    await user.keyboard("{Enter}");

    await heading("Ausweis ansehen");
    await user.keyboard("92111333107313{F9}{F9}{F9}{F9}{F9}");
    await heading("Gesicht vergleichen");
    await user.keyboard("1");

    await heading("Vier-Augen-Prüfung");
    await user.keyboard("{ArrowDown}{Enter}1");
    expect(screen.getByLabelText("PIN der zweiten Person")).toHaveFocus();
    await user.keyboard(`${PIN}{Enter}`);
    await heading("Alles geprüft. Schreiben drucken?");
    await user.keyboard("{Enter}");

    await happens((desk) => desk.printed());
    await heading("Schreiben übergeben");
    expect(screen.getByText("Schreiben 1 von 2 · für Andrea Amsel")).toBeVisible();
    await user.keyboard("ynkh{Tab}{Tab} {Enter}");
    await happens((desk) => desk.printed());
    expect(screen.getByText("Schreiben 2 von 2 · für Karin Kiebitz")).toBeVisible();
    await user.keyboard("ynkh{Tab}{Tab} {Enter}");
    await heading("Fertig");
    expect(rowOf(/^Amsel/u)).toHaveTextContent("übergeben");
    expect(rowOf(/^Kiebitz/u)).toHaveTextContent("übergeben");

    expect(sentBy(open)).toEqual([
      "begin_as_carer",
      "present_proof",
      "add_person",
      "present_proof",
      "confirm_concerns",
      "enter_document",
      "enter_document",
      ...Array<string>(5).fill("answer_check"),
      "answer_face",
      "second_look",
      "sign_and_print",
      "hand_over",
      "hand_over",
    ]);
  });

  it("goes on when one concern is refused, and says why and what to say", async () => {
    const open = await openDesk("representation-refused");
    const refused = screen.getByRole("region", { name: "Ablehnung: Dr.-Ing. Hans vorm Habicht" });
    expect(refused).toHaveTextContent("Sagen Sie: „");
    expect(refused).toHaveTextContent("der Besuch geht weiter");
    await open.user.keyboard("{F7}");
    expect(await screen.findByText("An den Drucker gesendet")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Weiter mit 1 Anliegen/u })).toBeEnabled();
    expect(sentBy(open)).toEqual(["print_refusal"]);
  });

  it("ends when nothing is possible", async () => {
    const open = await openDesk("representation-nothing");
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["finish_visit"]);
  });

  it("lets a concern be withdrawn", async () => {
    const open = await openDesk("representation-refused");
    const withdraw = screen.getAllByRole("button", { name: /^Zurückziehen/u });
    expect(withdraw).toHaveLength(1);
    await open.user.click(withdraw[0]!);
    expect(rowOf(/^Amsel/u)).toHaveTextContent("zurückgezogen");
  });

  it("takes the carer's own concern with its visit number", async () => {
    const open = await openDesk("representation-own");
    await open.user.keyboard("h8d3mpwc");
    expect(sentBy(open)).toEqual(["choose_concern"]);
    expect(rowOf(/^Freifrau/u)).toHaveTextContent("möglich");
  });

  it("fills in the carer's name for their own concern", async () => {
    const { user } = await openDesk("representation-refused");
    await user.keyboard("{F3}");
    await user.click(screen.getByText("Eigenes Anliegen"));
    expect(screen.getByLabelText("Nachname")).toHaveValue("Freifrau an der Elster");
    expect(screen.getByLabelText("Vornamen")).toHaveValue("Elke");
  });
});

describe("a proof of representation", () => {
  async function presented(scene: "representation-on-file" | "representation-new-deed") {
    const open = await openDesk(scene);
    const proofs: ProofInput[] = [];
    const call = open.desk.call;
    open.desk.call = ((name: string, input: never) => {
      if (name === "present_proof") proofs.push(input);
      return call(name as "present_proof", input);
    }) as typeof call;
    return { ...open, proofs };
  }

  it("on file is shown again with three keys and nothing typed", async () => {
    const { user, proofs } = await presented("representation-on-file");
    await user.keyboard("{F9}{F9}{F9}");
    expect(proofs).toEqual([
      {
        concern: "concern-1",
        proof: "deed",
        deed: {
          court: "Amtsgericht Altona",
          fileNumber: "12 XVII 345/23",
          issuedOn: "11.05.2023",
          areas: ["health", "social_benefits"],
          provisional: false,
          provisionalUntil: null,
          seenAs: "original",
          namesAgree: true,
          declaredUnchanged: true,
        },
      },
    ]);
  });

  it("that isn't in order is looked at again before it counts", async () => {
    const { user, proofs } = await presented("representation-on-file");
    await user.keyboard("{F9}{Shift>}{F9}{/Shift}{F9}");
    expect(proofs).toEqual([]);
    await user.keyboard("{Enter}");
    expect(proofs[0]?.deed).toMatchObject({ namesAgree: false });
  });

  it("asks for the declaration only where it is needed", async () => {
    const { happens } = await openDesk("representation");
    await happens((desk) => desk.insertCard(habicht));
    const checks = within(screen.getByRole("list", { name: "Was an der Urkunde zu sehen ist" }));
    expect(checks.getAllByRole("listitem")).toHaveLength(2);
  });

  it("warns about an unusual file number and takes it", async () => {
    const { user, proofs } = await presented("representation-new-deed");
    await user.keyboard("Amtsgericht Altona{Tab}345/23");
    expect(screen.getByLabelText("Aktenzeichen")).toHaveAccessibleDescription(/^Ungewöhnlich/u);
    expect(screen.getByLabelText("Aktenzeichen")).toBeValid();
    await user.keyboard("{Tab}2.11.2026{F9}{F9}{F9}");
    expect(proofs[0]?.deed).toMatchObject({ fileNumber: "345/23", issuedOn: "02.11.2026" });
  });

  it("that is none is sent without a deed", async () => {
    const { user, proofs } = await presented("representation-new-deed");
    await user.click(screen.getByText("Ehegatte (§ 1358)"));
    screen.getByRole("button", { name: /^Nachweis prüfen/u }).focus();
    await user.keyboard("{Enter}");
    expect(proofs).toEqual([{ concern: "concern-2", proof: "spouse", deed: null }]);
  });
});

describe("the second look", () => {
  it("names document, face and every deed", async () => {
    await openDesk("second-look");
    for (const what of ["Personalausweis ab 08/2021", "Gesicht und Foto", "Urkunde für Andrea Amsel"]) {
      expect(screen.getByText(what)).toBeVisible();
    }
  });

  it("forgets a PIN that was wrong, and where another person is chosen", async () => {
    const { user } = await openDesk("second-look");
    await user.click(screen.getByText("Z. Zaunkönig"));
    await user.keyboard("1");
    const pin = screen.getByLabelText("PIN der zweiten Person");
    await user.keyboard("111111{Enter}");
    expect(pin).toHaveValue("");
    await user.type(pin, "258");
    await user.click(screen.getByText("F. Fasan"));
    expect(pin).toHaveValue("");
  });
});
