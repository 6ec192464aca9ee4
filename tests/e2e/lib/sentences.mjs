// What is typed in the forensic session: a sentence of its own for every place where a person can write. None of them
// may be found on the machine afterwards. The test reads this list from what the session prints.
export const SAID = {
  workspace: 'Mission of the seven silent rivers',
  officer: 'river lantern copper seventeen baskets drum',
  alias: 'Tablet of the blue heron ford',
  passphrase: 'nine patient weavers cross the amber valley',
  otherPassphrase: 'eleven copper bells above the sleeping harbour',
  wrongPassphrase: 'this was never the word for any door here',
  text: 'The old bridge at Samboro was mended by the women themselves',
  unfinished: 'Half a sentence that nobody waited for to be kept',
  severe: 'The man who came back at dusk wore the mayor’s own boots',
  search: 'who was it that mended the Samboro crossing',
  reason: 'Her brother came home and we went quietly out by the back',
  amendment: 'She asked us to write that the pump was broken as well',
};

/** One part, three questions: to be told, to be sealed, to be left open so that the record is incomplete. */
export const FORM = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:baraza="http://baraza.example/xforms">
<h:head><h:title>Village notes</h:title><model><instance><data id="village_notes" version="1"><told/><sealed/><left/></data></instance>
<bind nodeset="/data/told" type="string"/><bind nodeset="/data/sealed" type="string" baraza:sensitivity="severe"/>
<bind nodeset="/data/left" type="string" required="true()"/></model></h:head>
<h:body><input ref="/data/told" appearance="multiline"><label>What was told</label></input>
<input ref="/data/sealed" appearance="multiline"><label>What nobody may read</label></input>
<input ref="/data/left"><label>What is left open</label></input></h:body></h:html>
`;
