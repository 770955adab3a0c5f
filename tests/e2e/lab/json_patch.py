"""Applies an RFC 6902 patch, so that what was decided offline can be compared with what is stored."""

import copy


def apply(document, patch):
    """A changed copy. Knows add, replace, remove and test, which is all that Ballast writes."""
    result = copy.deepcopy(document)
    for operation in patch:
        parts = [p.replace("~1", "/").replace("~0", "~") for p in
                 operation["path"].split("/")[1:]]
        place = result
        for part in parts[:-1]:
            place = place[int(part)] if isinstance(place, list) else place[part]
        key = parts[-1]
        if isinstance(place, list):
            key = len(place) if key == "-" else int(key)
        kind = operation["op"]
        if kind == "add" and isinstance(place, list):
            place.insert(key, operation["value"])
        elif kind in ("add", "replace"):
            place[key] = operation["value"]
        elif kind == "remove":
            del place[key]
        elif kind == "test":
            assert place[key] == operation["value"], operation
        else:
            raise ValueError(f"operation {kind}")
    return result
