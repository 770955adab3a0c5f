#!/usr/bin/env python3
"""Makes the logs of tests/testdata/diagnose with a real Spark.

    python3 -m venv v35 && v35/bin/pip install pyspark==3.5.9      (and 4.3.0 into another one)
    v35/bin/python make.py OUT [CASE...]

Each case is an application of its own with one trouble: a folder OUT/CASE with what Spark wrote, its
event log, the driver's console log and the logs of its executors. Needs a JDK 17; a case takes from
ten seconds to two minutes. Which version and codec the kept ones were made with is in cases.py.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pyspark

from cases import CASES

HERE = pathlib.Path(__file__).resolve().parent
SPARK_HOME = pathlib.Path(pyspark.__file__).resolve().parent


def run(name, out):
    case = CASES[name]
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        events = scratch / "events"
        events.mkdir()
        work = SPARK_HOME / "work"
        shutil.rmtree(work, ignore_errors=True)
        conf = {
            "spark.master": "local[2]",
            "spark.app.name": name,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": events.as_uri(),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(scratch),
        }
        conf.update(case.get("conf", {}))
        if "driver-java" in case:
            conf["spark.driver.extraJavaOptions"] = case["driver-java"]
        arguments = [str(SPARK_HOME / "bin" / "spark-submit")]
        for key, value in conf.items():
            arguments += ["--conf", f"{key}={value}"]
        if "java" in case:
            classes = scratch / "classes"
            subprocess.run(["javac", "-cp", f"{SPARK_HOME}/jars/*", "-d", classes, HERE / "Cases.java"],
                           check=True)
            subprocess.run(["jar", "cf", scratch / "job.jar", "-C", classes, "."], check=True)
            arguments += ["--class", "Cases", str(scratch / "job.jar"), name]
        else:
            (scratch / "job.py").write_text(case["python"])
            arguments += [str(scratch / "job.py")]
        environment = dict(os.environ, SPARK_HOME=str(SPARK_HOME), PYSPARK_PYTHON=sys.executable,
                           PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
        with open(folder / "driver.log", "wb") as log:
            try:
                subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                               env=environment, cwd=scratch, timeout=400)
            except subprocess.TimeoutExpired:
                pass
        for entry in sorted(events.iterdir()):
            shutil.move(str(entry), folder / entry.name)
        for log in sorted(work.glob("*/*/stderr")) if work.exists() else []:
            shutil.copy(log, folder / f"executor-{log.parent.name}.log")
        shutil.rmtree(work, ignore_errors=True)
        for left in folder.rglob(".*.crc"):
            left.unlink()


def main():
    out = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or CASES:
        print(name, flush=True)
        run(name, out)


if __name__ == "__main__":
    main()
