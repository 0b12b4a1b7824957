# SPDX-License-Identifier: Apache-2.0
"""Does a JSON value hold what a pattern asks for?

An object: every key of the pattern is there and matches; others do not matter. `null` asks for absence.
An array: as many elements, each matching. A scalar: equal (a number never equals a string).
{"$re": "..."}: a string that the expression matches as a whole. {"$any": true}: anything, but there.
{"$has": [...]}: an array in which every pattern matches some element.
"""

import re


def matches(pattern, value) -> bool:
    return mismatch(pattern, value) is None


def mismatch(pattern, value, where="event"):
    """None, or the first place that differs, in words."""
    if isinstance(pattern, dict):
        return _special(pattern, value, where) if _is_special(pattern) else _object(pattern, value, where)
    if isinstance(pattern, list):
        return _array(pattern, value, where)
    if type(pattern) is type(value) and pattern == value:
        return None
    return f"{where} is {value!r}, not {pattern!r}"


def _is_special(pattern) -> bool:
    return len(pattern) == 1 and next(iter(pattern)) in ("$re", "$any", "$has")


def _special(pattern, value, where):
    kind, wanted = next(iter(pattern.items()))
    if kind == "$any":
        return None
    if kind == "$re":
        if isinstance(value, str) and re.fullmatch(wanted, value, re.S):
            return None
        return f"{where} is {value!r}, not like {wanted!r}"
    if not isinstance(value, list):
        return f"{where} is no array"
    for item in wanted:
        if not any(matches(item, element) for element in value):
            return f"{where} has no element like {item!r}"
    return None


def _object(pattern, value, where):
    if not isinstance(value, dict):
        return f"{where} is {value!r}, no object"
    for key, wanted in pattern.items():
        if wanted is None:
            if value.get(key) is not None:
                return f"{where}.{key} is there: {value[key]!r}"
        elif key not in value:
            return f"{where}.{key} is missing"
        else:
            why = mismatch(wanted, value[key], f"{where}.{key}")
            if why:
                return why
    return None


def _array(pattern, value, where):
    if not isinstance(value, list):
        return f"{where} is {value!r}, no array"
    if len(pattern) != len(value):
        return f"{where} has {len(value)} elements, not {len(pattern)}"
    for i, wanted in enumerate(pattern):
        why = mismatch(wanted, value[i], f"{where}[{i}]")
        if why:
            return why
    return None
