//! The words that go in, each in a place of its own, and the steps that put some of them there.

/// Where the words go in, and the words. Each stands in one place only.
pub(crate) const SAID: [(&str, &str); 32] = [
    ("workspace name", "Mission at the seven wells, northern desk"),
    ("team name", "Watch of the acacia crossing at dusk"),
    ("alias of Amina", "the tablet with the cracked blue corner"),
    ("alias of Grace", "the tablet that smells of woodsmoke"),
    ("alias of Yusuf", "the tablet from the second crate"),
    ("recipient of a card", "the driver of the white lorry on Tuesday"),
    ("label in a form", "Which ford did the herders name at Kelbo?"),
    ("text answer", "Soko la mbuzi karibu na mto Tezeru, upande wa pili"),
    ("marker like a telephone number", "+999 7301 4482 6650 913"),
    ("marker like a whole number", "1928374655"),
    ("long notes", "Elles ont dit : « la forêt brûlée, près du gué »\n\tet \"personne\" n'y va après l'été"),
    ("answer in a repeat", "قالت النساء إن الطريق إلى البئر غير آمن بعد الغروب"),
    ("coping, in a repeat", "Wanatembea pamoja kumi kumi, na kengele ya ng'ombe"),
    ("need, in a repeat", "Un pont léger à la place du tronc d'arbre tombé"),
    ("reason for a mixed group", "The two chiefs insisted that nobody sits apart"),
    ("severe note", "Le cousin du commandant connaît leurs prénoms à Dârvesa"),
    ("severe answer in a repeat", "لا تذكروا اسم المترجمة أمام صاحب المتجر الأزرق"),
    ("severe answer that was replaced", "First they named the man with the grey mule"),
    ("draft answer that was erased", "She took it back: the teacher saw everything"),
    ("draft answer that was replaced", "It was the old bridge, no, not the old bridge"),
    ("answer in a removed repeat", "The third woman asked us to strike her words"),
    ("answer given as an argument", "A path of red stones behind the dispensary"),
    ("answer that was refused", "perhaps forty, perhaps more, who can count goats"),
    ("draft that nobody finalises", "Rain stopped us before the last question at Umbo"),
    ("reason for handing over incomplete", "The elders left early to bury a neighbour"),
    ("reason for an amendment", "Corrected after the second visit to the mill"),
    ("amended answer", "The mill stands on the east bank, not the west"),
    ("Grace's answer to the same question", "Checkpoint by the split baobab"),
    ("Yusuf's answer to the same question", "Checkpoint by the drowned jeep"),
    ("resolved answer", "Checkpoint between baobab and jeep, both say"),
    ("words searched for", "whispering granary lantern"),
    ("step of a form that is only tried", "Practice sentence about the painted canoe"),
];

/// Device and passphrase.
pub(crate) const PASSPHRASES: [(&str, &str); 4] = [
    ("hq", "cobalt thimble orchard lantern quiver sandal"),
    ("amina", "marble heron pocket saffron ladder violet"),
    ("grace", "tundra candle bison apricot hammer willow"),
    ("yusuf", "pewter falcon basil comet drawer meadow"),
];

/// The words for a place.
pub(crate) fn said(place: &str) -> &'static str {
    SAID.iter().find(|(name, _)| *name == place).unwrap_or_else(|| panic!("no sentence for {place}")).1
}

pub(crate) fn set(path: &str, value: &str) -> String {
    serde_json::json!({ "set": path, "value": value }).to_string()
}

pub(crate) fn add(repeat: &str) -> String {
    serde_json::json!({ "add": repeat }).to_string()
}

pub(crate) fn passphrase(who: &str) -> &'static str {
    PASSPHRASES.iter().find(|(name, _)| *name == who).unwrap().1
}

/// What Amina takes down in the discussion: every kind of answer, and some that she takes back.
pub(crate) fn discussion() -> Vec<String> {
    vec![
        set("g_start/clock_ok", "yes"),
        set("g_group/sexgrp", "mixed"),
        set("g_group/mixed_reason", said("reason for a mixed group")),
        set("g_consent/intro_read", "OK"),
        set("g_consent/limits_read", "OK"),
        set("g_consent/consent_mode", "oral_group"),
        add("statements"),
        set("statements[1]/st_text", said("draft answer that was erased")),
        set("statements[1]/st_text", ""),
        set("statements[1]/st_text", said("answer in a repeat")),
        set("g_risk/any_risk", "yes"),
        add("risks"),
        set("risks[1]/rk_coping", said("coping, in a repeat")),
        set("g_need/any_need", "yes"),
        add("needs"),
        set("needs[1]/nd_text", said("draft answer that was replaced")),
        set("needs[1]/nd_text", said("need, in a repeat")),
        set("g_end/reprisal_concern", "yes"),
        set("g_end/reprisal_note", said("severe answer that was replaced")),
        set("g_end/reprisal_note", said("severe note")),
    ]
}

/// A visit with one of each kind of answer, and a person who is struck again.
pub(crate) fn visit_steps() -> Vec<String> {
    vec![
        set("site", said("text answer")),
        set("count", said("marker like a whole number")),
        set("notes", said("long notes")),
        add("people"),
        set("people[1]/harm", said("severe answer in a repeat")),
        add("people"),
        set("people[2]/said", said("answer in a removed repeat")),
        serde_json::json!({ "remove": "people[2]" }).to_string(),
    ]
}
