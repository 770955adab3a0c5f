"""Becomes a container: the last step before the program, in its own mount and network namespace.

Run by container.py through `ip netns exec POD unshare --mount python3 enter_container.py SPEC`;
SPEC is a JSON file. Every step is what a container runtime does too, and the process that ends up
as the program is the one that was started, so that signals and exit statuses are its own.
"""

import ctypes
import json
import os
import subprocess
import sys

PR_SET_NO_NEW_PRIVS = 38


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def mount_root(spec):
    """The image's files under a layer of the container's own."""
    root = spec["root"]
    mount("-t", "overlay", "overlay", "-o",
          f"lowerdir={spec['image']},upperdir={spec['upper']},workdir={spec['work']}", root)
    for folder in ("proc", "dev", "etc"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    mount("-t", "proc", "proc", os.path.join(root, "proc"))
    for device in ("null", "zero", "random", "urandom"):
        place = os.path.join(root, "dev", device)
        with open(place, "ab"):
            pass
        mount("--bind", os.path.join("/dev", device), place)
    return root


def place_in(root, path):
    """Where a path of the container is from here: its links lead inside the root, too."""
    place = root
    parts = [p for p in path.split("/") if p]
    while parts:
        part = parts.pop(0)
        if part == "..":
            place = root if place == root else os.path.dirname(place)
            continue
        following = os.path.join(place, part)
        if os.path.islink(following):
            target = os.readlink(following)
            parts = [p for p in target.split("/") if p not in ("", ".")] + parts
            place = root if target.startswith("/") else place
        else:
            place = following
    return place


def mount_volumes(root, volumes):
    for volume in volumes:
        place = place_in(root, volume["mountPath"])
        if os.path.isdir(volume["source"]):
            os.makedirs(place, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "ab"):
                pass
        mount("--bind", volume["source"], place)
        if volume["readOnly"]:
            mount("-o", "remount,bind,ro", place)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    root = mount_root(spec)
    mount_volumes(root, spec["volumes"])
    if spec["readOnlyRoot"]:
        mount("-o", "remount,ro", root)
    os.chroot(root)
    os.chdir(spec["workingDir"] or "/")
    if spec["noNewPrivileges"]:
        ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.setgroups(spec["groups"])
    os.setgid(spec["gid"])
    # From root to another user: the kernel drops all capabilities here.
    os.setuid(spec["uid"])
    os.umask(0o022)
    os.execvpe(spec["arguments"][0], spec["arguments"], spec["env"])


main()
