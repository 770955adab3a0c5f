"""2b. Reports, stored under the definition that openreports.io itself publishes."""

from lab.applications import small, too_wide
from lab.report import check, check_equal, wait_for

TEAM = "team-reports"
REPORTS = f"/apis/openreports.io/v1alpha1/namespaces/{TEAM}/reports"


def run(lab, report):
    report.scenario("2b. Reports, under the definition that openreports.io publishes")
    lab.add_namespace(TEAM)
    with report.step("helm upgrade turns them on, where the definition is installed"):
        done = lab.kubectl("apply", "--server-side", "-f", lab.reports_definition())
        check_equal(done.status, 0, done.err)
        wait_for(lambda: lab.api.find(REPORTS), "reports are not served")
        done = lab.helm("upgrade", *lab.install_arguments(
            values=("reports.enabled=true", "reports.interval=10s")))
        check_equal(done.status, 0, done.err)
    written(lab, report)
    withdrawn(lab, report)
    with report.step("helm upgrade turns them off"):
        done = lab.helm("upgrade", *lab.install_arguments())
        check_equal(done.status, 0, done.err)


def reports(lab):
    return lab.api.get(REPORTS)["items"]


def written(lab, report):
    with report.step("an application that was rewritten has a Report, one that fits has none"):
        for manifest in (small("fits", TEAM), too_wide("wide", TEAM)):
            lab.api.create(lab.application_path(TEAM), manifest)
        wait_for(lambda: reports(lab), "no Report", 60)
        stored = reports(lab)
        check_equal([one["scope"]["name"] for one in stored], ["wide"], "reported")
    with report.step("the definition knows every field of it: nothing was cut away"):
        one = reports(lab)[0]
        check_equal(one["source"], "ballast", "source")
        check_equal(sorted(one["summary"]), ["error", "fail", "pass", "skip", "warn"], "summary")
        check_equal(sorted(one["scope"]), ["apiVersion", "kind", "name", "namespace", "uid"], "scope")
        check(one["results"], "no results")
        for result in one["results"]:
            for field in ("source", "policy", "category", "rule", "result", "severity", "scored",
                          "message", "properties", "timestamp"):
                check(field in result, f"a result without {field}: {result}")
        report.note("; ".join(f"{r['rule']}: {r['result']}" for r in one["results"]))
    with report.step("kubectl get reports shows whose it is and how many results there are"):
        done = lab.kubectl("get", "reports", "-n", TEAM, "-o", "wide", "--no-headers")
        check_equal(done.status, 0, done.err)
        summary = reports(lab)[0]["summary"]
        check_equal(done.out.split()[1:8], [
            "SparkApplication", "wide",
            *[str(summary[kind]) for kind in ("pass", "fail", "warn", "error", "skip")]],
            "columns")


def withdrawn(lab, report):
    with report.step("it goes with its application"):
        done = lab.kubectl("delete", "sparkapplications.sparkoperator.k8s.io", "wide", "-n", TEAM)
        check_equal(done.status, 0, done.err)
        wait_for(lambda: not reports(lab), lambda: reports(lab), 60)
