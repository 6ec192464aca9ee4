//! Words without case and marks, so that a person finds a village however they spell it.

/// Lower case; Latin letters without accents, Arabic ones without vowel marks and with one alef, ya and ha.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

fn plain(letter: char) -> Option<char> {
    Some(match letter {
        // Marks that stand alone: Latin ones, Arabic vowels, the long alef and the line that stretches words.
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => return None,
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ɛ' => 'e',
        'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ǐ' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' | 'ŋ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ǒ' | 'ɔ' => 'o',
        'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ǔ' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ş' => 's',
        'ž' => 'z',
        'ɓ' => 'b',
        'ɗ' => 'd',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        '’' | 'ʼ' => '\'',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn a_village_is_found_however_it_is_spelt() {
        for (written, typed) in
            [("Élevé Ñyamùnda", "eleve nyamunda"), ("أُمُّ القُرى", "ام القري"), ("E\u{301}cole", "ecole")]
        {
            assert_eq!(fold(written), fold(typed), "{written} {typed}");
        }
    }
}
