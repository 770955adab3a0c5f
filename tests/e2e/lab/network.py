"""The network of the test: a bridge in our own network namespace, one namespace a pod.

Everything here lives in the namespaces that run.sh made for this run, and goes with them.
"""

from lab.processes import must_run

HOST_ADDRESS = "10.99.0.1"
PREFIX = 24
BRIDGE = "pods"


def set_up_host():
    """The host's side: loopback and the bridge, whose address the API server listens on."""
    must_run(["ip", "link", "set", "lo", "up"])
    must_run(["ip", "link", "add", BRIDGE, "type", "bridge"])
    must_run(["ip", "addr", "add", f"{HOST_ADDRESS}/{PREFIX}", "dev", BRIDGE])
    must_run(["ip", "link", "set", BRIDGE, "up"])


class Addresses:
    """Gives every pod an address of its own, and takes it back."""

    def __init__(self):
        self._free = [f"10.99.0.{last}" for last in range(2, 250)]

    def take(self):
        return self._free.pop(0)

    def give_back(self, address):
        # At the end of the queue: a new pod rather has an address that nobody remembers.
        self._free.append(address)


def add_pod(name, address):
    """A network namespace with one end of a cable in it, and the other in the bridge."""
    outside = "v" + address.rsplit(".", 1)[1]
    must_run(["ip", "netns", "add", name])
    must_run(["ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name])
    must_run(["ip", "link", "set", outside, "master", BRIDGE, "up"])
    for arguments in (["link", "set", "lo", "up"],
                      ["addr", "add", f"{address}/{PREFIX}", "dev", "eth0"],
                      ["link", "set", "eth0", "up"],
                      ["route", "add", "default", "via", HOST_ADDRESS]):
        must_run(["ip", "-n", name] + arguments)


def remove_pod(name):
    """Takes the namespace away; the cable goes with it."""
    must_run(["ip", "netns", "del", name])
