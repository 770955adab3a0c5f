"""Runs the scenarios. Started by run.sh, in namespaces that end with this process."""

import argparse
import os
import signal
import sys
import traceback

from lab.lab import Lab
from lab.report import Report
from scenarios import (s1_submit, s2_policy, s2_reports, s3_load, s4_down, s4_views, s5_kinds,
                       s5_operator, s5_paths, s5_spark_submit)

SCENARIOS = {"submit": s1_submit, "policy": s2_policy, "reports": s2_reports, "load": s3_load,
             "views": s4_views, "spark-submit": s5_spark_submit, "operator": s5_operator,
             "kinds": s5_kinds, "paths": s5_paths, "down": s4_down}


def parse():
    parser = argparse.ArgumentParser(prog="tests/e2e/run.sh")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--image", help="folder that scripts/build-image.sh has made")
    what.add_argument("--binary", help="a program to run on this machine's libraries")
    parser.add_argument("--folder", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--chart", default="helm/ballast")
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []],
                        help="all of them where none is named")
    return parser.parse_args()


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    lab = Lab(arguments.folder, os.environ["BALLAST_E2E_CACHE"], arguments.image,
              arguments.binary, arguments.chart, report)
    try:
        lab.start()
        report.scenario("Install the unmodified chart")
        installed = s1_submit.install(lab, report)
        for name, scenario in SCENARIOS.items():
            if installed and (name in arguments.scenario or not arguments.scenario):
                scenario.run(lab, report)
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        report.broken("the run came to its end by a mistake of its own")
    finally:
        if report.failed and lab.kubelet:
            print(lab.kubelet.told())
        lab.stop()
    return report.summary()


sys.exit(main())
