//! One table per group of functions. Unless a line says otherwise the values were read off ODK's engine.

use crate::Form;
use baraza_xpath::{EvalError, Expr, known_functions};

#[test]
fn strings() {
    Form::ama().check(&[
        ("concat('a', number('x'), 'b')", "ab"),
        ("concat(1, true(), 'x')", "1truex"),
        ("concat(/data/a, ' ', /data/b)", "3 x y z"),
        ("concat(/data/rep/w)", "abc"),
        ("concat()", ""),
        ("join(' ', /data/rep/w)", "a b c"),
        ("join(',', 1, 2, /data/rep/v)", "1,2,1,2,3"),
        ("substr('hello', 1, -1)", "ell"),
        ("substr('hello', -3)", "llo"),
        ("substr('hello', 1.9)", "ello"),
        ("substr('hello', 4, 2)", ""),
        ("substr('hello', /data/blank)", ""),
        ("substr('hello', '3rd')", "lo"),
        ("substr('日本é𝒳z', 1, 3)", "本é"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring('hello', 2)", "ello"),
        ("substring('hello', -1, 3)", "h"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring-before('1999/04/01', '/')", "1999"),
        ("substring-before('abc', 'z')", ""),
        ("substring-after('1999/04/01', '/')", "04/01"),
        // XPath 1.0; ODK's engine keeps the second letter of a longer mark.
        ("substring-after('abcdef', 'cd')", "ef"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("translate('abc', 'abc', '')", ""),
        ("string-length('日本é𝒳')", "5"),
        ("string-length('')", "0"),
        ("normalize-space('  a   b ')", "a b"),
        ("contains('abc', 'b')", "true"),
        ("contains('', '')", "true"),
        ("starts-with('abc', 'ab')", "true"),
        ("ends-with('abc', 'bc')", "true"),
        ("ends-with('abc', 'b')", "false"),
        ("coalesce(/data/blank, 'd')", "d"),
        ("coalesce(/data/nope, 'z')", "z"),
        ("coalesce('', '')", ""),
        ("coalesce(/data/a, 'd')", "3"),
        ("string(true())", "true"),
        ("string(1 div 0)", "Infinity"),
        ("string(number('x'))", ""),
        ("string(/data/rep[1])", "1a"),
    ]);
}

#[test]
fn regex_matches_the_whole_text_as_javarosa_does() {
    Form::ama().check(&[
        ("regex('abc', 'b')", "false"),
        ("regex('abc', 'a.c')", "true"),
        ("regex('abc', '^abc$')", "true"),
        ("regex('a|b', 'a\\|b')", "true"),
        ("regex('b', 'a|b')", "true"),
        ("regex('0244123456', '[0-9]{10}')", "true"),
        ("regex('0244-123', '\\d{4}\\-\\d{3}')", "true"),
        ("regex('٣', '\\d')", "false"),
        ("regex('é', '\\w')", "false"),
        ("regex('é', '.')", "true"),
        ("regex('a1', '[\\w]+')", "true"),
        ("regex('AB12', '(?=.*\\d)[A-Z0-9]+')", "true"),
        ("regex('ABCD', '(?=.*\\d)[A-Z0-9]+')", "false"),
        ("regex('abab', '(ab)\\1')", "true"),
        ("regex('x@y.org', '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}')", "true"),
        ("regex('a\nb', 'a.b')", "false"),
        ("regex('', '')", "true"),
        ("regex('xay', concat('x', '.', 'y'))", "true"),
    ]);
    assert!(matches!(Form::ama().try_read("regex('a', '(')"), Err(EvalError::Argument { .. })));
    // A pattern that would backtrack for ever is answered all the same.
    assert_eq!(
        Form::ama().read("regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(?=(a+)+$)a*b')"),
        "false"
    );
}

#[test]
fn booleans() {
    Form::ama().check(&[
        ("true()", "true"),
        ("not(/data/blank)", "false"),
        ("boolean(/data/blank)", "true"),
        ("boolean('')", "false"),
        ("boolean('false')", "true"),
        ("boolean(0)", "false"),
        ("boolean(/data/nope)", "false"),
        ("if(/data/blank, 'y', 'n')", "y"),
        ("if('', 'y', 'n')", "n"),
        ("if(0, 'y', 'n')", "n"),
        ("if(/data/a = 3, /data/b, 1)", "x y z"),
        ("boolean-from-string('true')", "true"),
        ("boolean-from-string(1)", "true"),
        ("boolean-from-string('yes')", "false"),
        // JavaRosa.
        ("boolean-from-string('TRUE')", "true"),
        ("checklist(1, 2, 1, 0, 1)", "true"),
        ("checklist(2, 3, /data/rep/v, 0)", "true"),
        ("checklist(0, 1, 1, 1)", "false"),
        ("checklist(1, -1, 0, 1, 1, 1)", "true"),
        ("checklist(1, /data/blank, 0, 1, 1, 1)", "true"),
        ("checklist(/data/blank, 3, 1)", "false"),
        ("weighted-checklist(1, 2, 1, 1)", "true"),
        ("weighted-checklist(3, 5, /data/rep/v, /data/rep/v)", "false"),
        ("weighted-checklist(6, 6, /data/rep/v, /data/rep/v)", "true"),
        ("weighted-checklist(3, -1, true(), 2.5, 1, 1)", "true"),
    ]);
    assert!(matches!(Form::ama().try_read("weighted-checklist(1, 2, 1)"), Err(EvalError::Argument { .. })));
}

#[test]
fn numbers() {
    Form::ama().check(&[
        ("number('  12 ')", "12"),
        ("number('1e3')", "1000"),
        ("number('abc')", ""),
        ("number('12abc')", ""),
        ("number('')", ""),
        ("number(true())", "1"),
        ("number('2025-03-14')", "20161"),
        ("string(number('2025-03-14T12:00'))", "20161"),
        ("number('2025-03-14T12:00') * 1", "20161.5"),
        ("int(-3.7)", "-3"),
        ("int(3.7)", "3"),
        ("int('x')", ""),
        ("int('2025-03-14')", "20161"),
        ("sum(/data/rep/v)", "6"),
        ("sum(/data/nope)", ""),
        ("sum(/data/blank)", ""),
        ("max(/data/rep/v)", "3"),
        ("min(3, 1, 2)", "1"),
        ("min()", ""),
        ("max(1, /data/blank)", ""),
        ("max(-5, -3)", "-3"),
        ("round(2.5)", "3"),
        ("round(1234.567, -2)", "1200"),
        ("round(1234.567, 2)", "1234.57"),
        ("round(12, /data/blank)", ""),
        ("round('')", ""),
        // JavaRosa: halves go up, on the decimal digits.
        ("round(-1.5)", "-1"),
        ("round(-1.51)", "-2"),
        ("round(-2.5)", "-2"),
        ("round(1.005, 2)", "1.01"),
        ("round(0.5)", "1"),
        ("round(0.49999999999999994)", "0"),
        ("round(-0.4)", "0"),
        ("round(99.95, 1)", "100"),
        ("round(4, -1)", "0"),
        ("round(5, -1)", "10"),
        ("round(1 div 0)", "Infinity"),
        ("floor(-1.5)", "-2"),
        ("ceiling(1.2)", "2"),
        ("abs(-4)", "4"),
        ("abs('x')", ""),
        ("pow(2, 10)", "1024"),
        ("pow(2, 0.5)", "1.4142135623730951"),
        ("log(10)", "2.302585092994046"),
        ("log10(1000)", "3"),
        ("log10(2)", "0.3010299956639812"),
        ("exp(1)", "2.718281828459045"),
        ("exp10(2)", "100"),
        ("exp10(-3)", "0.001"),
        ("sin(1)", "0.8414709848078965"),
        ("cos(0)", "1"),
        ("tan(1)", "1.5574077246549023"),
        ("acos(2)", ""),
        ("asin(1)", "1.5707963267948966"),
        ("atan(1)", "0.7853981633974483"),
        ("atan2(1, 1)", "0.7853981633974483"),
        ("sqrt(16)", "4"),
        ("pi()", "3.141592653589793"),
    ]);
}

#[test]
fn nodes() {
    Form::ama().check(&[
        ("count(/data/rep)", "3"),
        ("count(/data/nope)", "0"),
        ("count-non-empty(/data/rep/v)", "3"),
        ("count-non-empty(/data/blank)", "0"),
        ("position(/data/rep[2])", "2"),
        ("position(/data/nope)", ""),
        ("position(/data/rep[3]/w/..)", "3"),
        ("position()", "1"),
        ("last()", "1"),
        ("name(/data/a)", "a"),
        ("name(..)", "data"),
        ("name(/data/meta)", "orx:meta"),
        ("local-name(/data/meta)", "meta"),
        ("local-name()", "out"),
        ("namespace-uri()", ""),
        ("name(/)", ""),
        ("instance('it')/root/item[name='k2']/label", "L2"),
        ("instance(concat('i', 't'))/root/item[2]/label", "L2"),
        ("instance('none')/root/item", ""),
        ("count(instance('it')/root/item)", "2"),
        ("pulldata('it', 'label', 'name', 'k2')", "L2"),
        ("pulldata('it.csv', 'label', 'name', 'k1')", "L1"),
        ("pulldata('it', 'label', 'name', 'none')", ""),
        ("pulldata('none', 'label', 'name', 'k1')", ""),
        ("once('x')", "x"),
        ("current()/../a", "3"),
        ("name(id('t'))", "data"),
        ("lang('sw')", "false"),
    ]);
}

#[test]
fn indexed_repeat_finds_the_answer_of_one_visit() {
    Form::ama().check(&[
        ("indexed-repeat(/data/rep/w, /data/rep, 2)", "b"),
        ("indexed-repeat(/data/rep/w, /data/rep, 9)", ""),
        ("indexed-repeat(/data/rep/w, /data/rep, 0)", ""),
        ("indexed-repeat(/data/rep/w, /data/rep, 1.5)", ""),
        ("indexed-repeat(/data/rep/w, /data/rep, /data/blank)", ""),
        ("indexed-repeat(/data/nope, /data/rep, 1)", ""),
        ("indexed-repeat(../rep/w, ../rep, /data/rep[1]/v + 1)", "b"),
    ]);
    assert!(matches!(Form::ama().try_read("indexed-repeat('x', /data/rep, 1)"), Err(EvalError::NotNodes(_))));
    assert!(matches!(
        Form::ama().try_read("indexed-repeat(/data/a, /data/rep, 1, /data/rep)"),
        Err(EvalError::Arity { .. })
    ));
}

#[test]
fn selects() {
    Form::ama().check(&[
        ("selected(/data/b, 'y')", "true"),
        ("selected(/data/b, ' y ')", "true"),
        ("selected('x  y', 'y')", "true"),
        ("selected('xy', 'x')", "false"),
        ("selected('a b', '')", "false"),
        ("selected('', '')", "true"),
        ("selected-at(/data/b, 1)", "y"),
        ("selected-at('a b c', 0)", "a"),
        ("selected-at(/data/b, 9)", ""),
        ("selected-at('a b c', -1)", ""),
        ("selected-at('a b c', /data/blank)", ""),
        ("selected-at('a b c', false())", ""),
        ("count-selected('  a  b ')", "2"),
        ("count-selected('')", "0"),
        ("jr:itext('greet')", "Habari"),
        ("jr:itext('none')", ""),
        ("jr:choice-name(/data/a, '/data/a')", "3 at /data/a"),
    ]);
}

#[test]
fn places_on_earth() {
    Form::ama().check(&[
        ("area('0 0; 0 1; 1 1; 0 0')", "6195628067.9"),
        ("area('0 0; 0 1; 1 1')", "6195628067.9"),
        ("area(/data/blank)", "0"),
        ("round(distance('0 0; 0 1; 1 1'), 2)", "222637.69"),
        // JavaRosa does not round distances.
        ("distance('0 0; 0 1') = round(distance('0 0; 0 1'), 2)", "false"),
        ("round(distance('0 0', '0 1'), 2)", "111318.85"),
        ("distance('1 1 0 0; 1 1 0 0')", "0"),
        ("distance('5.6 -0.18 10 5; 5.6 -0.18;')", "0"),
        ("distance('')", ""),
        ("distance('91 0; 0 0')", ""),
        ("geofence('0.5 0.5', '0 0; 0 1; 1 1; 1 0; 0 0')", "true"),
        ("geofence('5 5', '0 0; 0 1; 1 1; 1 0; 0 0')", "false"),
        ("geofence('0.5 0.5', '0 0; 0 1; 1 1; 1 0')", "false"),
        ("geofence('', '0 0; 0 1; 1 1; 1 0; 0 0')", "false"),
    ]);
}

#[test]
fn digests_and_base64() {
    Form::ama().check(&[
        ("digest('abc', 'MD5')", "kAFQmDzST7DWlj99KOF/cg=="),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("digest('é', 'SHA-1', 'hex')", "bf15be717ac1b080b4f1c456692825891ff5073d"),
        (
            "digest('abc', 'SHA-256', 'hex')",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        ("string-length(digest('abc', 'SHA-384', 'hex'))", "96"),
        (
            "digest('a', 'SHA-512', 'base64')",
            "H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==",
        ),
        ("base64-decode('aGVsbG8=')", "hello"),
        ("base64-decode('aGVsbG8')", "hello"),
        ("base64-decode('w6k=')", "é"),
        ("base64-decode('***')", ""),
    ]);
    assert!(matches!(Form::ama().try_read("digest('a', 'CRC')"), Err(EvalError::Argument { .. })));
    assert!(matches!(Form::ama().try_read("digest('a', 'MD5', 'octal')"), Err(EvalError::Argument { .. })));
}

#[test]
fn randomness_comes_from_the_host() {
    let form = Form::ama();
    form.check(&[
        ("uuid()", "00254a6f-94b9-4e03-a84d-7297bce1062b"),
        ("uuid(3)", "002"),
        ("uuid(0)", ""),
        ("string-length(uuid(80))", "80"),
        ("uuid() = uuid()", "false"),
        ("random() < 1", "true"),
    ]);
    assert!(matches!(form.try_read("uuid(1000000000)"), Err(EvalError::Argument { .. })));
}

#[test]
fn a_seed_gives_the_order_that_every_odk_engine_gives() {
    Form::ama().check(&[
        ("join(' ', randomize(/data/rep/w, 42))", "a b c"),
        ("join(' ', randomize(/data/rep/w, 1))", "b a c"),
        ("join(' ', randomize(/data/rep/w, 3))", "c a b"),
        ("join(' ', randomize(/data/rep/w, -7))", "a b c"),
        ("join(' ', randomize(/data/rep/w, 1234567890123))", "c a b"),
        ("join(' ', randomize(/data/rep/w, 'seed'))", "c b a"),
        ("join(' ', randomize(/data/rep/w, 0.5))", "c b a"),
        ("join(' ', randomize(/data/rep, 3)/w)", "c a b"),
        ("count(randomize(/data/rep))", "3"),
    ]);
}

#[test]
fn every_function_of_the_domain_is_known() {
    let wanted = "concat join substr substring substring-before substring-after translate string-length \
        normalize-space contains starts-with ends-with uuid digest pulldata base64-decode if coalesce once true false \
        boolean boolean-from-string not regex checklist weighted-checklist number random int sum max min round pow log \
        log10 abs sin cos tan asin acos atan atan2 sqrt exp exp10 pi count count-non-empty position instance current \
        randomize today now format-date format-date-time date date-time decimal-date-time decimal-time selected \
        selected-at count-selected jr:choice-name jr:itext indexed-repeat area distance geofence last id local-name \
        name namespace-uri string lang floor ceiling";
    let known: Vec<&str> = known_functions().map(|(name, ..)| name).collect();
    let missing: Vec<&str> = wanted.split_whitespace().filter(|name| !known.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_wrong_call_is_an_error_that_names_it() {
    let form = Form::ama();
    assert_eq!(form.try_read("nope(1)"), Err(EvalError::UnknownFunction("nope".into())));
    assert_eq!(form.try_read("itext('greet')"), Err(EvalError::UnknownFunction("itext".into())));
    assert_eq!(form.try_read("pow(1)"), Err(EvalError::Arity { name: "pow".into(), given: 1 }));
    assert_eq!(form.try_read("count('x')"), Err(EvalError::NotNodes("count".into())));
    assert_eq!(form.try_read("$x + 1"), Err(EvalError::UnknownVariable("x".into())));
    assert_eq!(form.try_read("if(true(), 1, nope())"), Ok("1".into()));
    let expr = Expr::parse("nope(pow(1), xf:concat('a'), 2)").unwrap();
    assert_eq!(expr.unknown_functions().iter().map(|call| &*call.name).collect::<Vec<_>>(), ["nope"]);
    let errors = expr.arity_errors();
    assert_eq!(
        (&*errors[0].call.name, errors[0].call.offset, errors[0].min, errors[0].max),
        ("pow", 5, 2, Some(2))
    );
    assert_eq!(errors.len(), 1);
}
