"""Everything that the API server holds, so that what an uninstall leaves behind can be seen."""

# What the control plane itself makes and remakes at any time.
PASSING = ("events", "leases", "endpointslices", "endpoints", "componentstatuses")


def _resources(api):
    """(path of the collection, is it namespaced) of all kinds that can be listed."""
    yield from ((f"/api/v1/{r['name']}", r) for r in api.get("/api/v1")["resources"])
    for group in api.get("/apis")["groups"]:
        version = group["preferredVersion"]["groupVersion"]
        for resource in api.get(f"/apis/{version}")["resources"]:
            yield f"/apis/{version}/{resource['name']}", resource


def take(api, but_namespaces=()):
    """The names of all objects, as path/namespace/name, less those of the namespaces given."""
    names = set()
    for path, resource in _resources(api):
        if "/" in resource["name"] or "list" not in resource["verbs"]:
            continue
        if resource["name"] in PASSING:
            continue
        for item in api.get(path)["items"]:
            namespace = item["metadata"].get("namespace", "")
            if namespace not in but_namespaces:
                names.add(f"{path} {namespace}/{item['metadata']['name']}")
    return names
