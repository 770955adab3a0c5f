"""Random configurations, judged by the real classes of Spark and by `ballast explain --batch`.

    tests/spark_classes/main.py [--count 20000] [--seed N]

Every Spark of tests/e2e/spark_versions that fetch_spark.sh brought is asked. The first differences
are printed, the smallest configurations first; the status is 1 if there are any.
"""

import argparse
import glob
import json
import os
import random
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("BALLAST_E2E_CACHE", os.path.expanduser("~/.cache/ballast-lab"))
SECTIONS = ("submitArgs", "driver", "driverXmx", "executor", "taskSlots", "validateSettings", "kryo", "rpc",
            "dynAlloc")
MOST_MIB = 2**63 // 2**20 - 1  # where Ballast stops counting, and Spark's numbers wrap around
OPENED = [argument for package in ("java.lang", "java.nio", "sun.nio.ch")
          for argument in ("--add-opens", f"java.base/{package}=ALL-UNNAMED")]

PLAIN_SIZES = ["1g", "2g", "512m", "4096", "28g", "3500m", "1024mb"]
ODD_SIZES = ["2G", "1t", "3500M", "2gb", "1048576k", "4194304kb", "8589934592b", " 2g", "2g ", "1.5g",
             "0", "-1", "", "g", "7pb", "9223372036854775807", "9007199254740993", "2147483647",
             "2147483648", "4 g", "0x10", "\uff11g", "450m", "449m", "1e3", "+5g", "07g", "1Gb", "1KB"]
NUMBERS = ["1", "2", "3", "4", "8", "16", "64", "0", "-1", "1.5", "0.5", "0.1", "2.0", "100m", "500m",
           "1500m", "1000m", "2147483648", "a", "", "1e1", "007", " 2", ".5", "5.", "+4", "1k", "2Ki"]
FACTORS = ["0.1", "0.4", "0.2", "1", "2", "0", "-0.1", "0.05", "1e-3", "NaN", "Infinity", ".5", "5.",
           "0.1f", "0.1d", " 0.3", "0.3 ", "", "0,1", "1e10", "0x1p-2", "+0.2"]
SWITCHES = ["true", "false", "TRUE", "True", "tRuE", "yes", "1", "", " true", "false "]
TIMES = ["120s", "1", "10m", "100ms", "2min", "", "-1", "3h", "120", "1d", "5us", "0", "10000"]
VALUES = {
    "size": """driver.memory executor.memory driver.memoryOverhead executor.memoryOverhead
        driver.minMemoryOverhead executor.minMemoryOverhead yarn.driver.memoryOverhead
        yarn.executor.memoryOverhead memory.offHeap.size executor.pyspark.memory
        kryoserializer.buffer kryoserializer.buffer.max""",
    "factor": """driver.memoryOverheadFactor executor.memoryOverheadFactor
        kubernetes.memoryOverheadFactor memory.fraction memory.storageFraction
        scheduler.minRegisteredResourcesRatio""",
    "number": """driver.cores executor.cores task.cpus kubernetes.driver.request.cores
        kubernetes.executor.request.cores kubernetes.driver.limit.cores
        kubernetes.executor.limit.cores executor.resource.gpu.amount task.resource.gpu.amount
        kryoserializer.buffer.mb kryoserializer.buffer.max.mb rpc.message.maxSize
        executor.instances dynamicAllocation.minExecutors dynamicAllocation.maxExecutors
        dynamicAllocation.initialExecutors executor.resource.cores.amount
        executor.resource.cpus.amount executor.resource.memory.amount task.resource.cpus.amount
        task.resource.cores.amount driver.resource.gpu.amount""",
    "switch": """memory.offHeap.enabled unsafe.offHeap kryo.unsafe kryo.registrationRequired
        kryo.pool dynamicAllocation.enabled kubernetes.local.dirs.tmpfs network.crypto.enabled
        network.crypto.saslFallback io.encryption.enabled shuffle.service.enabled acls.enable
        decommission.enabled dynamicAllocation.shuffleTracking.enabled
        storage.decommission.shuffleBlocks.enabled dynamicAllocation.testing
        kubernetes.executor.disableConfigMap kubernetes.executor.useDriverPodIP""",
    "time": """network.timeout executor.heartbeatInterval
        dynamicAllocation.schedulerBacklogTimeout
        dynamicAllocation.sustainedSchedulerBacklogTimeout dynamicAllocation.executorIdleTimeout""",
    "options": """executor.extraJavaOptions executor.defaultJavaOptions driver.extraJavaOptions
        driver.defaultJavaOptions""",
    "vendor": """executor.resource.gpu.vendor driver.resource.gpu.vendor
        executor.resource.cores.vendor executor.resource.cpus.vendor
        executor.resource.memory.vendor""",
    "port": "driver.port driver.blockManager.port blockManager.port ui.port",
    "word": """driver.host driver.bindAddress remote kerberos.principal
        kubernetes.driver.label.spark-role kubernetes.executor.label.spark-role
        kubernetes.executor.label.spark-exec-id kubernetes.container.image.pullPolicy
        kubernetes.driver.service.ipFamilies""",
    "volume": """kubernetes.executor.volumes.emptyDir.a.mount.path
        kubernetes.executor.volumes.emptyDir.a.mount.readOnly
        kubernetes.executor.volumes.emptyDir.a.options.sizeLimit
        kubernetes.executor.volumes.emptyDir.b.mount.path
        kubernetes.driver.volumes.hostPath.a.mount.path
        kubernetes.driver.volumes.hostPath.a.options.path
        kubernetes.driver.volumes.persistentVolumeClaim.a.options.claimName
        kubernetes.driver.volumes.persistentVolumeClaim.a.mount.path""",
}
KINDS = {f"spark.{key}": kind for kind, keys in VALUES.items() for key in keys.split()}
CHOICES = {"factor": FACTORS, "number": NUMBERS, "switch": SWITCHES, "time": TIMES,
           "options": ["-Xmx1g", "-XX:+UseG1GC", "-Dspark.x=1", '-Da="b c"', '"', "", "-Dx=-Xmx2g",
                       '-X"mx2g"', "'a -Xmx1g'", "a\\", "-Da=b\n-Xmx1g"],
           "port": ["0", "7078", "1023", "1024", "65535", "65536", "-1", " 7078", "a", ""],
           "word": ["a", "", "Always", "always", "IPv4", "IPv4,IPv6"],
           "volume": ["/a", "/b", "true", "yes", "5", "1024", "1023", "5Gi", ""],
           "vendor": ["nvidia.com", "amd.com", ""]}
# Where one setting takes another's value. What is known only where Spark runs is not drawn.
REFERENCES = ["executor.memory", "driver.memory", "driver.memoryOverhead", "executor.cores",
              "driver.minMemoryOverhead", "kubernetes.memoryOverheadFactor", "memory.offHeap.size",
              "kryoserializer.buffer", "dynamicAllocation.initialExecutors", "rpc.message.maxSize"]


def configurations(count, seed):
    chosen = random.Random(seed)
    keys = sorted(KINDS)
    for _ in range(count):
        sizes = PLAIN_SIZES if chosen.random() < 0.6 else PLAIN_SIZES + ODD_SIZES
        conf = {key: chosen.choice(CHOICES.get(KINDS[key], sizes))
                for key in chosen.sample(keys, chosen.choice([1, 2, 2, 3, 3, 4, 5, 6, 8, 12]))}
        if chosen.random() < 0.15:
            conf[chosen.choice(list(conf))] = f"${{spark.{chosen.choice(REFERENCES)}}}"
        yield {"type": chosen.choice(["jvm", "jvm", "python", "r"]), "conf": conf}


def lines(command, requests, **more):
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, **more)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(requests):
        sys.exit(f"{command[0]}: status {done.returncode}, {len(answers)} answers: {done.stderr[-2000:]}")
    return answers


def ask_spark(place, requests):
    home = os.path.join(place, "pyspark")
    jars = sorted(glob.glob(os.path.join(home, "jars/*.jar")))
    path = ":".join(jars)
    scala = next(name for name in map(os.path.basename, jars) if name.startswith("scala-library-"))
    # What the launcher asks the environment for.
    environment = {**os.environ, "SPARK_HOME": home,
                   "SPARK_SCALA_VERSION": ".".join(scala.split("-")[2].split(".")[:2])}
    with tempfile.TemporaryDirectory() as classes:
        subprocess.run(["javac", "-nowarn", "-XDsuppressNotes", "-cp", path, "-d", classes,
                        os.path.join(HERE, "SparkClasses.java")], check=True)
        return lines(["java", *OPENED, "-Dlog4j2.level=OFF", "-Dlog4j2.StatusLogger.level=OFF",
                      "-Xmx1g", "-cp", f"{classes}:{path}", "SparkClasses"], requests,
                     env=environment)


def difference(section, real, ours, refused):
    """What differs; None where nothing does."""
    if real["ok"] == (section in refused):
        return f"Spark: {real}, Ballast: {refused.get(section, 'accepted')}"
    if not real["ok"]:
        return None
    if section in ("driver", "executor"):
        pod = ours[section]
        memory = pod and f"{pod['memoryMiB']}Mi"
        if not pod or (memory != real["memRequest"] and pod["memoryMiB"] != MOST_MIB):
            return f"Spark: {real['memRequest']}, Ballast: {memory}"
    if section == "taskSlots" and ours["executor"] and ours["executor"]["slots"] != real["slots"]:
        return f"Spark: {real['slots']} slots, Ballast: {ours['executor']['slots']}"
    return None


def compare(version, place, requests):
    real = ask_spark(place, requests)
    ours = lines([os.path.join(ROOT, "build/ballast"), "explain", "--batch"],
                 [{**request, "sparkVersion": version} for request in requests])
    compared, wrong = 0, []
    for request, says, answer in zip(requests, real, ours):
        refused = {one["stage"]: one["message"] for one in answer["refusals"]}
        # Without a driver the others are nobody's.
        for section in SECTIONS if says["driver"]["ok"] else SECTIONS[:3]:
            compared += 1
            what = difference(section, says[section], answer, refused)
            if what:
                wrong.append((len(request["conf"]), section, what, request))
    return compared, sorted(wrong, key=lambda one: one[:3])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20000, help="configurations for each Spark")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    places = sorted(glob.glob(os.path.join(CACHE, "pyspark-[0-9]*.[0-9]*.*[0-9]")))
    if not places:
        sys.exit("no Spark is there: run tests/e2e/fetch_spark.sh")
    failed = False
    print(f"{options.count} random configurations for each Spark, --seed {options.seed}")
    for place in places:
        version = os.path.basename(place).removeprefix("pyspark-")
        requests = list(configurations(options.count, f"{options.seed} {version}"))
        compared, wrong = compare(version, place, requests)
        print(f"Spark {version}: {compared} sections compared, {len(wrong)} differ")
        for _, section, what, request in wrong[:20]:
            print(f"  {section} of {json.dumps(request)}\n    {what}")
        failed = failed or bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
