//! What is an expression and what is not, precedence, and bounds.

use crate::Form;
use baraza_xpath::{Expr, format_number, parse_number};

#[test]
fn precedence_and_association() {
    Form::ama().check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("100 div 10 div 2", "5"),
        ("2 * 3 mod 4", "2"),
        ("-3 mod 2", "-1"),
        ("3 mod -2", "1"),
        ("5.5 mod 2", "1.5"),
        ("5 mod 0", ""),
        ("-2 + 5", "3"),
        ("- - 3", "3"),
        ("---3", "-3"),
        ("2 > 1 > 0", "true"),
        ("3 > 2 > 1", "false"),
        ("1 = 1 = 1", "true"),
        ("1 = 2 or 1 = 1 and 2 = 3", "false"),
        ("1 = 1 or 1 = 1 and 2 = 3", "true"),
        ("1 < 2 = true()", "true"),
        ("1 and 'abc'", "true"),
        ("0 or ''", "false"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1 div 3", "0.3333333333333333"),
        ("10 div 2", "5"),
        ("-1 div 0", "-Infinity"),
        ("0 div 0", ""),
        ("1 div 10000000", "1e-7"),
        ("1000000 * 1000000 * 1000000 * 1000000", "1e+24"),
        ("/data/blank + 1", ""),
    ]);
}

#[test]
fn comparisons() {
    Form::ama().check(&[
        ("'' = 0", "false"),
        ("/data/blank = 0", "false"),
        ("/data/blank = ''", "true"),
        ("/data/blank < 1", "false"),
        ("/data/nope = ''", "false"),
        ("/data/nope != ''", "false"),
        ("2 = '2.0'", "true"),
        ("'2' = '2.0'", "false"),
        ("/data/n = '5.0'", "false"),
        ("/data/n = 5.0", "true"),
        ("5 = /data/n", "true"),
        ("true() = 'x'", "true"),
        ("true() = /data/blank", "true"),
        ("/data/nope = false()", "true"),
        ("true() + 1", "2"),
        ("'abc' < 'abd'", "false"),
        ("/data/rep/v != 1", "true"),
        ("not(/data/rep/v = 1)", "false"),
        ("/data/rep/v = 3", "true"),
        ("/data/rep/v = 4", "false"),
        ("2 < /data/rep/v", "true"),
        ("3 < /data/rep/v", "false"),
        ("/data/rep/v < /data/rep/v", "true"),
        ("/data/rep/w = /data/rep[3]/w", "true"),
        ("/data/a = /data/rep/v", "true"),
        ("/data/irr = 77", "false"),
        ("0 div 0 = 0 div 0", "false"),
        ("0 div 0 != 0 div 0", "true"),
    ]);
}

#[test]
fn words_and_signs_are_told_apart_by_what_stands_before() {
    Form::ama().check(&[
        ("/data/a -1", "2"),
        ("/data/a*2", "6"),
        ("/data/a div 2", "1.5"),
        ("3-1", "2"),
        ("a-1", ""),
        ("/data/a = 3and/data/n = 5", "true"),
        ("2*2", "4"),
        ("count(/data/*)", "12"),
        ("count(/data/*[1]) * 2", "2"),
        ("count( / data / rep )", "3"),
        ("'a' = \"a\"", "true"),
        (".5 + 1.", "1.5"),
        ("  /data/a\n\t= 3 ", "true"),
    ]);
    let mut form = Form::ama();
    let tree = form.forest.primary_mut();
    let root = tree.root();
    for (name, text) in [
        ("div", "8"),
        ("mod", "2"),
        ("or", "o"),
        ("and", "n"),
        ("comment", "c"),
        ("a-1", "minus"),
        ("été.1", "é"),
    ] {
        tree.append_text(root, name, text);
    }
    form.check(&[
        ("../div div ../mod", "4"),
        ("../or = 'o' or ../and", "true"),
        ("../comment", "c"),
        ("../a-1", "minus"),
        ("../été.1", "é"),
        ("child::div", ""),
        ("/data/div*/data/mod", "16"),
    ]);
}

#[test]
fn what_is_not_an_expression_says_where() {
    let cases = [
        ("", 0),
        ("   ", 3),
        ("1 +", 3),
        ("(1", 2),
        ("1)", 1),
        ("/data/a[", 8),
        ("/data/a[1", 9),
        ("/data/", 6),
        ("//", 2),
        ("'open", 0),
        ("1 2", 2),
        ("a b", 2),
        ("concat('a',)", 11),
        ("concat('a' 'b')", 11),
        ("1e3", 1),
        ("a::b", 0),
        ("/data/concat('x')", 6),
        ("$", 0),
        ("a = = b", 4),
        ("#", 0),
        ("a ! b", 2),
        ("..a", 2),
        ("@", 1),
        ("/data/é[é", 11),
    ];
    for (source, offset) in cases {
        let error = Expr::parse(source).expect_err(source);
        assert_eq!(error.offset, offset, "{source}: {error}");
        assert!(source.is_char_boundary(error.offset) && !error.message.is_empty());
    }
}

#[test]
fn the_whole_grammar_parses() {
    for source in [
        "/",
        "//a",
        ".//a",
        "/descendant-or-self::node()/child::a",
        "ancestor-or-self::*",
        "preceding::a",
        "namespace::x",
        "processing-instruction('x')",
        "comment()",
        "text()",
        "node()",
        "@*",
        "@id",
        "attribute::id",
        "x:*",
        "x:y/@z:w",
        "$v",
        "$x:v",
        "(a | b)[1]/c",
        "f()[2]",
        "'a'",
        "id('x')/a",
        "self::node()[1][2]",
        "./.",
        "../..",
        "a[b[c[d]]]",
        "instance('x')/root/item[a = current()/../b and c = /d]/e",
        "..[1]",
        ".[. = 1]",
        "//*[@id='x']",
        "a//b//c",
    ] {
        Expr::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    }
}

#[test]
fn hostile_sources_end_in_an_error_or_a_value() {
    let long = |unit: &str, count: usize| unit.repeat(count);
    let refused = [
        format!("{}1{}", long("(", 129), long(")", 129)),
        format!("{}1{}", long("not(", 60_000 / 4), long(")", 10)),
        format!("a{}", long("[a", 30_000)),
        long("1 or (", 10_000),
        long("x", Expr::MAX_LENGTH + 1),
    ];
    for source in &refused {
        assert!(Expr::parse(source).is_err(), "{}", &source[..20]);
    }
    let form = Form::ama();
    let nested = format!("{}1{}", long("1 or 1 and 1 = 1 < 1 + 1 * -(", 127), long(")", 127));
    let accepted = [
        (format!("{}1", long("1+", 32_000)), "32001"),
        (format!("{}1", long("-", 65_000)), "1"),
        (format!("{}1 = 0", long("0 or ", 13_000)), "false"),
        (format!("/data{}", long("/.", 32_000)), "3x y z52025-03-141a2b3cquuid:1"),
        (format!("/data{}/a", long("/a/..", 13_000)), "3"),
        (format!("/data/a{}", long("[1]", 20_000)), "3"),
        (format!("count(/data/a{})", long("|/data/a", 8_000)), "1"),
        (nested, "true"),
        (format!("count(/data{}{})", long("[/data", 126), long("]", 126)), "1"),
        (format!("{}/data/a{}", long("string(", 127), long(")", 127)), "3"),
        (format!("{}/data/rep{}", long("(", 127), long(")[1]", 127)), "1a"),
    ];
    for (source, wanted) in &accepted {
        assert_eq!(form.read(source), *wanted, "{}", &source[..20]);
    }
}

#[test]
fn numbers_are_written_and_read() {
    for (number, text) in [
        (5.0, "5"),
        (-0.0, "0"),
        (-1.5, "-1.5"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (123_456_789_012_345_680_000.0, "123456789012345680000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (0.000001, "0.000001"),
        (0.0000015, "0.0000015"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        assert_eq!(format_number(number), text);
        assert_eq!(parse_number(text), number);
    }
    assert_eq!(format_number(f64::NAN), "NaN");
    for text in
        ["", " ", "NaN", "x", "1 2", "1,5", "--1", "0x10", "1e", ".", "inf", "infinity", "nan", "1_000"]
    {
        assert!(parse_number(text).is_nan(), "{text}");
    }
    assert_eq!(parse_number("\n +1.50\t"), 1.5);
    assert_eq!(parse_number("5."), 5.0);
    assert_eq!(parse_number(".5"), 0.5);
}
