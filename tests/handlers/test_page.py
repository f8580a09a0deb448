"""HTML is built of elements, and whatever is not one is text."""

from fairline.entrypoints.page import Markup, button, facts, tag


def test_text_and_attributes_are_escaped_and_elements_are_not() -> None:
    made = tag("p", "<b>&", tag("b", "x"), title="\"'>")
    assert made == '<p title="&quot;&#x27;&gt;">&lt;b&gt;&amp;<b>x</b></p>'


def test_attributes_may_be_left_out_stand_alone_or_have_a_hyphen() -> None:
    assert tag("select", name="seat", required=True, hidden=False, id=None) == '<select name="seat" required></select>'
    assert tag("label", "x", for_="a", aria_label="b") == '<label for="a" aria-label="b">x</label>'


def test_elements_without_an_end_have_none_and_parts_that_are_none_are_left_out() -> None:
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'
    assert tag("div", None, "a", None) == "<div>a</div>"


def test_a_form_and_a_list_escape_what_they_are_given() -> None:
    assert "&lt;i&gt;" in button("<i>", "/a?b&c")
    assert 'action="/a?b&amp;c"' in button("x", "/a?b&c")
    said = facts({"<k>": "<v>", "m": Markup("<i></i>")})
    assert said == "<dl><div><dt>&lt;k&gt;</dt><dd>&lt;v&gt;</dd></div><div><dt>m</dt><dd><i></i></dd></div></dl>"
