"""Small things: modules that fit a few screens, functions that fit a glance."""

from statistics import median, quantiles

from tests.architecture.source import functions, length, shown, sources

LONGEST_MODULE, LONGEST_FUNCTION = 250, 45
MEDIAN, NINETIETH_PERCENTILE = 8, 20


def test_no_module_is_longer_than_it_can_be_kept_in_mind() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    lengths = [length(function) for path in sources() for function in functions(path)]
    assert median(lengths) <= MEDIAN
    assert quantiles(lengths, n=10)[-1] <= NINETIETH_PERCENTILE


def test_no_function_is_long() -> None:
    lengths = {f"{shown(p)}:{f.lineno} {f.name}": length(f) for p in sources() for f in functions(p)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
