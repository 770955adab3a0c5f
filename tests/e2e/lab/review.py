"""Asks one replica itself, past the API server, which keeps to the connections that it has."""

import base64
import http.client
import json
import ssl

from lab import json_patch


def ask(address, manifest):
    """What the replica at this address makes of a new object: the object as it would be stored.

    None where it refuses it.
    """
    meta = manifest["metadata"]
    group, version = manifest["apiVersion"].split("/")
    kind = {"group": group, "version": version, "kind": manifest["kind"]}
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "e2e", "kind": kind, "operation": "CREATE", "dryRun": True,
        "resource": {"group": group, "version": version,
                     "resource": manifest["kind"].lower() + "s"},
        "namespace": meta["namespace"], "name": meta["name"], "userInfo": {"username": "e2e"},
        "object": manifest, "oldObject": None}}
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection(address, 8443, timeout=10, context=context)
    try:
        connection.request("POST", "/mutate?timeout=5s", body=json.dumps(review),
                           headers={"Content-Type": "application/json"})
        response = json.loads(connection.getresponse().read())["response"]
    finally:
        connection.close()
    if not response["allowed"]:
        return None
    patch = json.loads(base64.b64decode(response["patch"])) if response.get("patch") else []
    return json_patch.apply(manifest, patch)
