//! Small forms with one question of each kind that matters here.

/// A visit: a place, long notes, a severe question, and a repeat with all three again.
///
/// `label` is a sentence that stands in the form, since whoever writes a form takes words from people too.
pub(crate) fn visit_xml(id: &str, sharing: &str, label: &str) -> String {
    format!(
        r##"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
         xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
         xmlns:baraza="http://baraza.example/xforms">
        <h:head><h:title>Visit</h:title><model baraza:sharing="{sharing}">
          <instance><data id="{id}" version="1"><site/><phone/><count/><notes/><source/>
            <people jr:template=""><who/><said/><harm/></people>
            <orx:meta><orx:instanceID/><orx:instanceName/></orx:meta></data></instance>
          <bind nodeset="/data/site" type="string" required="true()"/>
          <bind nodeset="/data/phone" type="string"/>
          <bind nodeset="/data/count" type="int"/>
          <bind nodeset="/data/notes" type="string"/>
          <bind nodeset="/data/source" type="string" baraza:sensitivity="severe"/>
          <bind nodeset="/data/people/who" type="string"/>
          <bind nodeset="/data/people/said" type="string"/>
          <bind nodeset="/data/people/harm" type="string" baraza:sensitivity="severe"/>
          <bind nodeset="/data/orx:meta/orx:instanceName" type="string" calculate="/data/site"/>
        </model></h:head>
        <h:body>
          <input ref="/data/site"><label>{label}</label></input>
          <input ref="/data/phone"><label>Phone</label></input>
          <input ref="/data/count"><label>How many</label></input>
          <input ref="/data/notes" appearance="multiline"><label>Notes</label></input>
          <input ref="/data/source" appearance="multiline"><label>Who said so?</label></input>
          <group ref="/data/people"><label>People</label><repeat nodeset="/data/people">
            <input ref="/data/people/who"><label>Who</label></input>
            <input ref="/data/people/said" appearance="multiline"><label>Said</label></input>
            <input ref="/data/people/harm"><label>Harm</label></input>
          </repeat></group>
        </h:body></h:html>"##
    )
}
