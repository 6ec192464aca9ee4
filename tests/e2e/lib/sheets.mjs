// More stops of the tour: sheets and states that only come up after a step or two. The steps name no words, because
// they are taken in every language: [what, where, value].
import { bridge } from './chromium.mjs';
import { desk } from './tour.mjs';

const WORDS = 'nine quiet herons carry maize past the mill';
const RETURNED = { name: 'broken.xml', mimeType: 'text/xml', buffer: Buffer.from(brokenForm()) };

/** Stops beside those of the tour, on the same devices. */
export async function sheets(machine, stops) {
  const of = (name) => stops.find((stop) => stop.name === name).url;
  const handover = of('07-handover');
  const members = of('15-members');
  const office = desk(members.replace('LOOK', ''));
  const joining = await bridge(machine, machine.folder('joining'));
  const join = desk(joining.url);
  const invitation = await office('invite', { role: 'interpreter', team: null, hub: false });
  const request = await join('join', { invitation: { text: invitation.text }, alias: 'Heron', passphrase: WORDS });
  return [
    { name: '00-join-words', url: of('00-join'), steps: [['fill', 'textarea', invitation.text], ['click', MAIN], ['fill', 'input', 'Heron'], ['click', MAIN]] },
    { name: '00-waiting', url: at(joining.url, 'entry.waiting') },
    { name: '03c-finish', url: of('03-form'), steps: [['click', '[data-jump]'], ['click', 'dialog .feet .btn']], before: true },
    { name: '06-forms', url: of('06-records').replace('field.records', 'field.forms') },
    { name: '07b-hub', url: handover, steps: [['click', '.way >> nth=0']] },
    { name: '07c-card-out', url: handover, steps: [['click', '.way >> nth=1']] },
    { name: '07d-card-in', url: handover, steps: [['click', '.way >> nth=2']] },
    { name: '08b-erase', url: of('08-lock'), steps: [['click', '.btn-alarm-quiet'], ['see', '[data-losses]']] },
    { name: '11b-import', url: of('11-inbox'), steps: [['click', '.head .btn-main']] },
    { name: '12b-export', url: of('12-table'), steps: [['click', '.head .btn'], ['see', 'dialog']] },
    { name: '15b-invite', url: members, steps: [['click', '.head .btn-main'], ['see', 'dialog']] },
    { name: '15c-invite-code', url: members, steps: [['click', '.head .btn-main'], ['click', 'dialog .feet .btn-main'], ['see', 'dialog .code']] },
    { name: '15d-approve', url: members, steps: [['click', '.head .btn:not(.btn-main)'], ['fill', 'dialog textarea', request.text], ['click', 'dialog .feet .btn-main'], ['see', 'dialog ol li']] },
    { name: '15e-revoke', url: members, steps: [['click', 'tbody .btn'], ['see', 'dialog']] },
    { name: '16b-publish', url: of('16-forms'), steps: [['click', '.head .btn-main'], ['see', 'dialog']] },
    { name: '16c-findings', url: of('16-forms'), steps: [['click', '.head .btn-main'], ['upload', 'dialog input[type=file]', RETURNED], ['see', '.finding']] },
  ];
}

const MAIN = '.foot .btn-main, .btn-main[type=submit]';

const at = (url, screen) => url.replace('/#', `/?screen=${screen}&LOOK#`);

/** A form that asks for what is not there, so that publishing has something to say. */
function brokenForm() {
  return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Broken</h:title>
<model><instance><data id="broken" version="1"><a/><b/></data></instance>
<bind nodeset="/data/a" type="string" relevant="/data/nowhere = 'x' and"/><bind nodeset="/data/c" type="strange"/></model></h:head>
<h:body><input ref="/data/a"><label>A</label></input><input ref="/data/missing"><label>B</label></input></h:body></h:html>`;
}
