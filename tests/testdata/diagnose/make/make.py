#!/usr/bin/env python3
"""Makes the logs of tests/testdata/diagnose with a real Spark.

    pip install --target /opt/spark/3.5 pyspark==3.5.9      (and 4.3.0 into another folder)
    /usr/bin/python3 make.py /opt/spark/3.5 OUT [CASE...]

Each case is an application of its own with one trouble: a folder OUT/CASE/logs with what Spark wrote,
its event log, the driver's console log and the logs of its executors, compressed with zstd where
Spark does not do so itself. Needs Linux, a JDK 17 and zstd; a case takes from ten seconds to two minutes.
Without CASE it makes those that are kept of this version of Spark (see cases.py); what both are kept
of has the ending "-4" for the newer one.

Spark, the interpreter and the folder that the applications run in stand in the logs: all three must
be such as any machine may have. A log that names this machine, its user or his folders is refused.
"""
import getpass
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

from cases import CASES

HERE = pathlib.Path(__file__).resolve().parent
SCRATCH = pathlib.Path("/tmp/spark-case")
COMPRESSED = {".zstd", ".lz4", ".snappy", ".lzf", ".zst"}


def version_of(spark):
    jar = next((spark / "pyspark" / "jars").glob("spark-core_*.jar"))
    return jar.stem.rsplit("-", 1)[1]


def kept_of(case):
    return case.get("kept", ["3"])


def folder_name(name, version):
    newer = len(kept_of(CASES[name])) > 1 and version.startswith("4")
    return name + ("-4" if newer else "")


def settings(name, events):
    case = CASES[name]
    conf = {
        "spark.master": "local[2]",
        "spark.app.name": name,
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": events.as_uri(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(SCRATCH / "local"),
    }
    conf.update(case.get("conf", {}))
    if "driver-java" in case:
        conf["spark.driver.extraJavaOptions"] = case["driver-java"]
    return conf


# Executors log their host's name, whatever Spark is told: they get one that every machine has.
NEUTRAL_HOST = ["unshare", "--map-root-user", "--uts", "sh", "-c",
                'hostname localhost && exec "$0" "$@"']


def command(spark, name, events):
    arguments = NEUTRAL_HOST + [str(spark / "pyspark" / "bin" / "spark-submit")]
    for key, value in settings(name, events).items():
        arguments += ["--conf", f"{key}={value}"]
    case = CASES[name]
    if "java" in case:
        classes = SCRATCH / "classes"
        jars = spark / "pyspark" / "jars"
        subprocess.run(["javac", "-cp", f"{jars}/*", "-d", classes, HERE / "Cases.java"], check=True)
        subprocess.run(["jar", "cf", SCRATCH / "job.jar", "-C", classes, "."], check=True)
        return arguments + ["--class", "Cases", str(SCRATCH / "job.jar"), name]
    (SCRATCH / "job.py").write_text(case["python"])
    return arguments + [str(SCRATCH / "job.py")]


def environment(spark):
    kept = {key: os.environ[key] for key in ("PATH", "JAVA_HOME") if key in os.environ}
    return dict(kept, HOME=str(SCRATCH), SPARK_HOME=str(spark / "pyspark"), PYTHONPATH=str(spark),
                PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable,
                SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost", SPARK_USER="spark",
                HADOOP_USER_NAME="spark", LANG="C.UTF-8",
                SPARK_SUBMIT_OPTS=f"-Duser.home={SCRATCH} -Duser.name=spark")


def compress(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in COMPRESSED and path.stat().st_size > 0:
            subprocess.run(["zstd", "-q", "-19", "--rm", path], check=True)


# What would tell whose machine it was. A host's name may be a word of its own elsewhere ("java.vm.name").
def foreign_words():
    host = re.escape(socket.gethostname())
    return [re.escape(str(pathlib.Path.home())) + "/", re.escape(str(HERE.parents[3])),
            rf"(?<![\w./-]){host}(?![\w.-])", f'"user.name":"{getpass.getuser()}"']


# (What other codecs of Spark packed only the tests read, which look for such words too.)
def text_of(path):
    if path.suffix in COMPRESSED - {".zstd"}:
        return ""
    if path.suffix != ".zstd":
        return path.read_text(errors="replace")
    done = subprocess.run(["zstd", "-dc", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode(errors="replace")


def refuse_foreign(folder):
    for path in (path for path in folder.rglob("*") if path.is_file()):
        text = text_of(path)
        for word in foreign_words():
            if found := re.search(word, text):
                near = text[max(found.start() - 80, 0):found.end() + 80]
                sys.exit(f"{path}: names what is this machine's: ...{near}...")


def run(spark, name, out):
    folder = out / folder_name(name, version_of(spark)) / "logs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.rmtree(SCRATCH, ignore_errors=True)
    events = SCRATCH / "events"
    events.mkdir(parents=True)
    work = spark / "pyspark" / "work"
    shutil.rmtree(work, ignore_errors=True)
    with open(folder / "driver.log", "wb") as log:
        try:
            subprocess.run(command(spark, name, events), stdin=subprocess.DEVNULL, stdout=log,
                           stderr=log, env=environment(spark), cwd=SCRATCH, timeout=400)
        except subprocess.TimeoutExpired:
            print(f"{name}: stopped after 400 s", file=sys.stderr)
    for entry in sorted(events.iterdir()):
        shutil.move(str(entry), folder / entry.name)
    for log in sorted(work.glob("*/*/stderr")) if work.exists() else []:
        shutil.copy(log, folder / f"executor-{log.parent.name}.log")
    shutil.rmtree(work, ignore_errors=True)
    for left in folder.rglob(".*.crc"):
        left.unlink()
    refuse_foreign(folder)
    compress(folder)


# The healthy one's event log as a full disk leaves it: as text, and within a frame of zstd.
def cut(out):
    whole = next(path for path in (out / "healthy" / "logs").iterdir() if "local-" in path.name)
    text = subprocess.run(["zstd", "-dc", whole], check=True, stdout=subprocess.PIPE).stdout
    folder = out / "cut" / "logs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "events").write_bytes(text[:len(text) * 2 // 3])
    compress(folder)
    (folder / "frame.zstd").write_bytes(whole.read_bytes()[:whole.stat().st_size * 3 // 4])


def main():
    spark = pathlib.Path(sys.argv[1])
    out = pathlib.Path(sys.argv[2])
    version = version_of(spark)
    kept = [name for name, case in CASES.items() if version[0] in kept_of(case)]
    for name in sys.argv[3:] or kept:
        print(f"{name} ({version})", flush=True)
        run(spark, name, out)
        if folder_name(name, version) == "healthy":
            cut(out)


if __name__ == "__main__":
    main()
