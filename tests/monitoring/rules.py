"""The queries of the dashboard and the alerts, as files hold them, made ready for a Prometheus."""
import json
import re

DASHBOARD = "helm/ballast/files/dashboard.json"
# What helm makes of the alerts; a test holds it to the chart.
RENDERED = "tests/testdata/helm/everything/want.yaml"


def dashboard_variables(dashboard, label_values):
    """The regular expressions that Grafana puts in for "All": every value that there is."""
    chosen = {}
    for variable in dashboard["templating"]["list"]:
        asked = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"])
        if asked is None:
            continue
        assert "allValue" not in variable, "stands for every value of every metric"
        values = label_values(*asked.groups())
        assert values, variable["query"]
        chosen["$" + variable["name"]] = "(" + "|".join(map(re.escape, values)) + ")"
    return chosen


def panels(label_values):
    """(title, query) of each, as Grafana would send it over a range of one minute.
    `label_values(metric, label)` asks Prometheus."""
    with open(DASHBOARD) as file:
        dashboard = json.load(file)
    chosen = dashboard_variables(dashboard, label_values)
    assert set(chosen) == {"$job", "$namespace"}, chosen
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            query = target["expr"]
            for variable, value in (*chosen.items(), ("$__rate_interval", "15s"),
                                    ("$__range", "1m")):
                query = query.replace(variable, value.replace("\\", "\\\\"))
            assert "$" not in query, query
            yield panel["title"], query


def rule_file():
    """The groups of the PrometheusRule, as Prometheus itself reads them."""
    with open(RENDERED) as file:
        documents = file.read().split("\n---\n")
    rule = next(text for text in documents if "\nkind: PrometheusRule\n" in text)
    lines = rule[rule.index("\nspec:\n") + len("\nspec:\n"):].splitlines()
    return "\n".join(line[2:] for line in lines if line.startswith("  ")) + "\n"


def counted(expression):
    """The same with comparisons that answer 0 or 1 instead of leaving out what does not hold, so
    that it is seen whether there is anything to compare."""
    return re.sub(r"(?<![=!<>])(==|>=|<=|>|<)(?!\s*bool)(?=\s)", r"\1 bool", expression)
