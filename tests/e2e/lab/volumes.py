"""A pod's volumes as folders: Secrets, ConfigMaps, projected ones, emptyDir, the downward API.

Files of the API are written as the kubelet does: into a folder named by time, which the link
`..data` names, so that a change of several files is seen at once or not at all.
"""

import base64
import os
import shutil
import time


class Missing(Exception):
    """A Secret or a ConfigMap that is needed and not there (yet)."""


def _decoded(kind, item):
    if kind == "secrets":
        return {k: base64.b64decode(v) for k, v in (item.get("data") or {}).items()}
    values = {k: v.encode() for k, v in (item.get("data") or {}).items()}
    values.update({k: base64.b64decode(v) for k, v in (item.get("binaryData") or {}).items()})
    return values


def read_object(api, namespace, kind, name, optional):
    """The keys and bytes of a Secret or ConfigMap; {} for an optional one that is not there."""
    item = api.find(f"/api/v1/namespaces/{namespace}/{kind}/{name}")
    if item is None:
        if optional:
            return {}
        raise Missing(f"{kind} {namespace}/{name} is missing")
    return _decoded(kind, item)


def _chosen(values, source):
    """The files that a source asks for: {path: (bytes, mode)}."""
    mode = source.get("defaultMode")
    if not source.get("items"):
        return {key: (value, mode) for key, value in values.items()}
    chosen = {}
    for item in source["items"]:
        if item["key"] in values:
            chosen[item["path"]] = (values[item["key"]], item.get("mode", mode))
        elif not source.get("optional"):
            raise Missing(f"key {item['key']} is missing")
    return chosen


def field_of(pod, path):
    """A field of the downward API as text."""
    value = pod
    if "['" in path:
        path, key = path.split("['", 1)
        value = (pod["metadata"].get(path.split(".", 1)[1]) or {}).get(key.rstrip("']"), "")
        return value
    for part in path.split("."):
        value = value.get(part, "")
    if isinstance(value, dict):
        return "\n".join(f'{k}="{v}"' for k, v in sorted(value.items()))
    return str(value)


class PodVolumes:
    """The volumes of one pod. refresh() brings the files of the API up to date."""

    def __init__(self, api, pod, folder):
        self._api = api
        self._pod = pod
        self._folder = folder
        self._seen = {}
        self._tokens = {}
        self._group = pod["spec"].get("securityContext", {}).get("fsGroup")

    def path(self, name):
        return os.path.join(self._folder, name)

    def refresh(self):
        """Makes what is not there and rewrites what has changed. Missing: a source is not there."""
        for volume in self._pod["spec"].get("volumes", []):
            if "emptyDir" in volume:
                self._make_empty(volume["name"])
                continue
            files = self._files(volume)
            if files is not None and self._seen.get(volume["name"]) != files:
                self._write(self.path(volume["name"]), files)
                self._seen[volume["name"]] = files

    def _make_empty(self, name):
        place = self.path(name)
        if not os.path.isdir(place):
            os.makedirs(place)
            if self._group is not None:
                os.chown(place, -1, self._group)
            os.chmod(place, 0o2777 if self._group is not None else 0o777)

    def _files(self, volume):
        namespace = self._pod["metadata"]["namespace"]
        if "secret" in volume:
            source = volume["secret"]
            values = read_object(self._api, namespace, "secrets", source["secretName"],
                                 source.get("optional"))
            return _chosen(values, source)
        if "configMap" in volume:
            source = volume["configMap"]
            values = read_object(self._api, namespace, "configmaps", source["name"],
                                 source.get("optional"))
            return _chosen(values, source)
        if "downwardAPI" in volume:
            return self._downward(volume["downwardAPI"])
        if "projected" in volume:
            files = {}
            for source in volume["projected"]["sources"]:
                files.update(self._projected(source))
            mode = volume["projected"].get("defaultMode")
            return {k: (data, mode if its is None else its) for k, (data, its) in files.items()}
        raise Missing(f"volume {volume['name']} is of a kind that this kubelet does not know")

    def _downward(self, source):
        return {item["path"]: (field_of(self._pod, item["fieldRef"]["fieldPath"]).encode(),
                               item.get("mode", source.get("defaultMode")))
                for item in source.get("items", [])}

    def _projected(self, source):
        namespace = self._pod["metadata"]["namespace"]
        if "serviceAccountToken" in source:
            token = source["serviceAccountToken"]
            return {token["path"]: (self._token(token).encode(), None)}
        if "downwardAPI" in source:
            return self._downward(source["downwardAPI"])
        for key, kind in (("secret", "secrets"), ("configMap", "configmaps")):
            if key in source:
                values = read_object(self._api, namespace, kind, source[key]["name"],
                                     source[key].get("optional"))
                return _chosen(values, source[key])
        raise Missing(f"projected source {list(source)} is not known to this kubelet")

    def _token(self, source):
        """A token bound to this pod, asked for anew when four fifths of its life are over."""
        kept = self._tokens.get(source["path"])
        if kept and kept[1] > time.monotonic():
            return kept[0]
        seconds = source.get("expirationSeconds", 3600)
        meta = self._pod["metadata"]
        account = self._pod["spec"].get("serviceAccountName", "default")
        spec = {"expirationSeconds": seconds,
                "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": meta["name"],
                                   "uid": meta["uid"]}}
        if source.get("audience"):
            spec["audiences"] = [source["audience"]]
        answer = self._api.create(
            f"/api/v1/namespaces/{meta['namespace']}/serviceaccounts/{account}/token",
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec})
        token = answer["status"]["token"]
        self._tokens[source["path"]] = (token, time.monotonic() + 0.8 * seconds)
        return token

    def _write(self, place, files):
        os.makedirs(place, exist_ok=True)
        stamp = f"..{time.time_ns()}"
        for name, (data, mode) in files.items():
            path = os.path.join(place, stamp, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
            mode = 0o644 if mode is None else mode
            if self._group is not None:
                os.chown(path, -1, self._group)
                mode |= 0o040
            os.chmod(path, mode)
        os.makedirs(os.path.join(place, stamp), exist_ok=True)
        data_link = os.path.join(place, "..data")
        before = os.readlink(data_link) if os.path.islink(data_link) else None
        os.symlink(stamp, data_link + "_tmp")
        os.replace(data_link + "_tmp", data_link)
        for name in {name.split("/")[0] for name in files}:
            link = os.path.join(place, name)
            if not os.path.islink(link):
                os.symlink(os.path.join("..data", name), link)
        if before:
            shutil.rmtree(os.path.join(place, before))
