import type { AboutScreen, SettingView } from "../backend/bindings";
import { day, dayOfInstant, timeOfDay } from "../format/dates";
import { Badge } from "../parts/Badge";
import { Page } from "../parts/Page";
import { Path } from "../parts/Path";
import { Table } from "../parts/Table";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { bundleText, sourceText } from "../texts/settings";

import "./About.css";

/** "Über diesen Platz": what is in force, and who has set it. */
export function About({ step }: { step: AboutScreen }) {
  const call = useCall();
  const { bundle, values, journalConfirmed, certificateUntil } = step;
  const facts: [string, string][] = [
    [m.about_bundle(), bundleText(bundle)],
    [
      m.about_journal(),
      journalConfirmed === null
        ? m.about_journal_none()
        : m.time_of_day_on({ day: dayOfInstant(journalConfirmed), time: timeOfDay(journalConfirmed) }),
    ],
    [m.about_certificate(), certificateUntil === null ? m.about_certificate_none() : day(certificateUntil)],
  ];
  return (
    <Page title={m.about_title()} lead={m.about_lead()} onBack={() => void call("show_start")}>
      <dl className="facts about__facts">
        {facts.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{m.about_values()}</h2>
      <div className="about__values">
        <Table caption={m.about_values()} columns={[m.about_key(), m.about_value(), m.about_source()]}>
          {values.map((setting) => (
            <Setting key={setting.key} setting={setting} />
          ))}
        </Table>
      </div>
    </Page>
  );
}

function Setting({ setting: { key, value, source } }: { setting: SettingView }) {
  const { isLocal, text, path } = sourceText(source);
  return (
    <tr>
      <th scope="row" className="about__key">
        {key}
      </th>
      <td className="about__value">{value}</td>
      <td>
        {isLocal ? (
          <Badge tone="calm" icon="dot">
            {text}
          </Badge>
        ) : (
          <span className={`about__source--${source.kind}`}>{text}</span>
        )}
        {path !== null && (
          <span className="table__detail">
            <Path>{path}</Path>
          </span>
        )}
      </td>
    </tr>
  );
}
