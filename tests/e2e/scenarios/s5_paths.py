"""5c. The same job by each path gets the same decision: one table."""

import json

from lab.applications import apache, connect, hopeless, scheduled, too_wide
from lab.report import check_equal, check_in
from lab.spark import Spark, versions
from scenarios.s1_submit import decided_offline
from scenarios.s5_operator import TRACKED
from scenarios.s5_spark_submit import HOPELESS, WIDE, begin, explained, shape

TEAM = "team-paths"
REFUSED = "refused"


def run(lab, report):
    report.scenario("5c. The same job by each path")
    begin(lab, TEAM)
    for title, job, conf in (("3 executors of 60g and 8 cores", too_wide, WIDE),
                             ("the same with 1 core, which cannot be split", hopeless, HOPELESS)):
        rows = []
        with report.step(f"{title}: every path gets the same decision"):
            rows = list(by_each_path(lab, job, conf))
            check_equal({decision for _, decision in rows}, {rows[0][1]},
                        "decisions\n" + table(rows))
        if rows:
            report.note(table(rows))


def table(rows):
    width = max(len(path) for path, _ in rows)
    lines = [f"{'path':{width}}  decision"]
    for path, decision in rows:
        text = decision if decision == REFUSED else (
            f"{decision[0]} executors of {decision[1]} MiB and {decision[2]} millicores")
        lines.append(f"{path:{width}}  {text}")
    return "\n".join(lines)


def by_each_path(lab, job, conf):
    """(path, decision) of the job, submitted in each way there is."""
    manifest = job("same", TEAM)
    offline = decided_offline(lab, manifest)
    yield "ballast check of a SparkApplication", of_decision(offline)
    executor = manifest["spec"]["executor"]
    for path, item in (
            ("SparkApplication (spark-operator)", manifest),
            ("ScheduledSparkApplication", scheduled("same", TEAM, manifest["spec"])),
            ("SparkConnect", connect("same", TEAM, executor)),
            ("SparkApplication v1 (Apache)", apache("same", TEAM, conf)),
            ("SparkApplication v1beta1 (Apache)", apache("same", TEAM, conf, "v1beta1"))):
        yield path, through_api_server(lab, item)
    tracked = job("same", TEAM)
    tracked["metadata"]["annotations"] = dict(TRACKED)
    yield "SparkApplication that Argo CD tracks", planned(lab, tracked, conf)
    yield "driver's ConfigMap as Apache's operator makes it", by_apache_driver(lab, conf)
    for version in versions():
        yield f"spark-submit {version}, cluster mode", by_spark_submit(lab, version, job, conf)


def of_decision(decision):
    return REFUSED if decision["verdict"] == "Rejected" else shape(decision["after"])


def stored(lab, manifest):
    """What would be stored of it; None: it is refused."""
    done = lab.kubectl("create", "--dry-run=server", "-o", "json", "-f",
                       lab.file("same.json", manifest))
    if done.status == 0:
        return json.loads(done.out)
    check_in("fits no node", done.err, "refusal")
    return None


def through_api_server(lab, manifest):
    """What is stored, read by `ballast check`, which finds nothing to change in it any more."""
    item = stored(lab, manifest)
    if not item:
        return REFUSED
    # Without the record: with it, what was written by hand is judged again.
    del item["metadata"]["annotations"]
    decision = decided_offline(lab, item)
    check_equal(decision["verdict"], "Admitted", "what ballast check says of what is stored")
    return of_decision(decision)


def planned(lab, manifest, conf):
    """What the annotation says that its settings will be when it is submitted."""
    item = stored(lab, manifest)
    if not item:
        return REFUSED
    plan = json.loads(item["metadata"]["annotations"]["ballast.dev/planned"])
    settings = {**conf, **{path[1:]: change["now"] for path, change in plan["paths"].items()}}
    return explained(lab, "".join(f"{key}={value}\n" for key, value in settings.items()))


def by_apache_driver(lab, conf):
    """What a driver is given whose application admission never saw, shaped as Apache's operator does."""
    settings = {**conf, "spark.app.id": "same-0",
                "spark.kubernetes.driver.label.spark.operator/spark-app-name": "same"}
    item = stored(lab, {
        "apiVersion": "v1", "kind": "ConfigMap", "immutable": True,
        "metadata": {"name": "same-0-spark-drv-conf-map", "namespace": TEAM},
        "data": {"spark.kubernetes.namespace": TEAM,
                 "spark.properties": "".join(f"{key}={value}\n" for key, value in settings.items())}})
    return explained(lab, item["data"]["spark.properties"]) if item else REFUSED


def by_spark_submit(lab, version, job, conf):
    submission = Spark(lab, version).cluster_mode(TEAM, f"{job.__name__.replace('_', '-')}-" +
                                                  version.replace(".", "-"), conf)
    if submission.status != 0:
        check_in("fits no node", submission.output, "refusal")
        return REFUSED
    return explained(lab, submission.config_map["data"]["spark.properties"])
