"""One container: the image's files, the pod's network, the spec's user, env and mounts."""

import json
import os
import re

from lab.network import HOST_ADDRESS
from lab.processes import Process
from lab.volumes import field_of, read_object

ENTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "enter_container.py")


class Image:
    """An unpacked image: the folder of its files, and the defaults that its configuration sets."""

    def __init__(self, rootfs, entrypoint, user, env):
        self.rootfs = rootfs
        self.entrypoint = entrypoint
        self.user = user
        self.env = env


def _expand(text, env):
    """$(NAME) of an earlier variable; $$( is a written $(."""
    return re.sub(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)",
                  lambda m: "$" if m.group(1) is None else env.get(m.group(1), m.group(0)), text)


def _limit_of(container, reference):
    """A resourceFieldRef: cores rounded up, bytes."""
    kind, name = reference["resource"].split(".", 1)
    text = container.get("resources", {}).get(kind, {}).get(name, "0")
    units = {"m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "": 1}
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", text).groups()
    value = float(number) * units[unit]
    divisor_number, divisor_unit = re.fullmatch(
        r"([0-9.]+)([A-Za-z]*)", reference.get("divisor") or "1").groups()
    divisor = float(divisor_number) * units[divisor_unit] or 1
    return str(-int(-value // divisor))


def environment(api, pod, container, image):
    """What the kubelet puts into a container's environment."""
    namespace = pod["metadata"]["namespace"]
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    env.update(image.env)
    env.update({"HOSTNAME": pod["metadata"]["name"],
                # No kube-proxy: the address behind the Service of the API server.
                "KUBERNETES_SERVICE_HOST": HOST_ADDRESS, "KUBERNETES_SERVICE_PORT": "6443",
                "KUBERNETES_SERVICE_PORT_HTTPS": "6443"})
    for source in container.get("envFrom", []):
        for key, kind in (("configMapRef", "configmaps"), ("secretRef", "secrets")):
            if key in source:
                values = read_object(api, namespace, kind, source[key]["name"],
                                     source[key].get("optional"))
                env.update({source.get("prefix", "") + k: v.decode() for k, v in values.items()})
    for entry in container.get("env", []):
        source = entry.get("valueFrom")
        if source is None:
            env[entry["name"]] = _expand(entry.get("value", ""), env)
        elif "fieldRef" in source:
            env[entry["name"]] = field_of(pod, source["fieldRef"]["fieldPath"])
        elif "resourceFieldRef" in source:
            env[entry["name"]] = _limit_of(container, source["resourceFieldRef"])
        else:
            key, kind = (("secretKeyRef", "secrets") if "secretKeyRef" in source
                         else ("configMapKeyRef", "configmaps"))
            values = read_object(api, namespace, kind, source[key]["name"],
                                 source[key].get("optional"))
            if source[key]["key"] in values:
                env[entry["name"]] = values[source[key]["key"]].decode()
    return env


class Refused(Exception):
    """What a real runtime refuses too: CreateContainerConfigError."""


def _user(pod, container, image):
    """(uid, gid, groups) by the security contexts, the image's user behind them."""
    pod_context = pod["spec"].get("securityContext", {})
    context = {**pod_context, **container.get("securityContext", {})}
    image_uid, _, image_gid = image.user.partition(":")
    uid = int(context.get("runAsUser", image_uid or 0))
    gid = int(context.get("runAsGroup", image_gid or 0))
    if context.get("runAsNonRoot") and uid == 0:
        raise Refused("container has runAsNonRoot and would run as root")
    groups = sorted({gid, *pod_context.get("supplementalGroups", []),
                     *([pod_context["fsGroup"]] if "fsGroup" in pod_context else [])})
    return uid, gid, groups


def start(api, pod, container, image, volumes, folder, netns):
    """Starts one container of a pod whose volumes are there. Returns its Process."""
    name = container["name"]
    uid, gid, groups = _user(pod, container, image)
    env = environment(api, pod, container, image)
    command = container.get("command") or image.entrypoint
    arguments = [_expand(text, env) for text in list(command) + container.get("args", [])]
    place = os.path.join(folder, name)
    number = 0
    while os.path.exists(f"{place}.{number}"):
        number += 1
    place = f"{place}.{number}"
    for part in ("upper/etc", "work", "root"):
        os.makedirs(os.path.join(place, part))
    with open(os.path.join(place, "upper/etc/hosts"), "w", encoding="utf-8") as hosts:
        hosts.write(f"127.0.0.1 localhost\n{HOST_ADDRESS} kubernetes.default.svc\n")
    context = container.get("securityContext", {})
    spec = {
        "image": image.rootfs, "upper": f"{place}/upper", "work": f"{place}/work",
        "root": f"{place}/root", "uid": uid, "gid": gid, "groups": groups,
        "readOnlyRoot": bool(context.get("readOnlyRootFilesystem")),
        "noNewPrivileges": context.get("allowPrivilegeEscalation") is False,
        "workingDir": container.get("workingDir"), "arguments": arguments, "env": env,
        "volumes": [{"source": os.path.join(volumes.path(m["name"]), m.get("subPath", "")),
                     "mountPath": m["mountPath"].rstrip("/"),
                     "readOnly": bool(m.get("readOnly"))}
                    for m in container.get("volumeMounts", [])]}
    spec_path = os.path.join(place, "spec.json")
    with open(spec_path, "w", encoding="utf-8") as file:
        json.dump(spec, file)
    return Process(f"{pod['metadata']['name']}/{name}",
                   ["ip", "netns", "exec", netns, "unshare", "--mount", "python3", ENTER,
                    spec_path], os.path.join(folder, f"{name}.log"))
