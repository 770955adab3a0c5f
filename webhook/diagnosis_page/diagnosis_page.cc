#include "webhook/diagnosis_page/diagnosis_page.h"

#include <algorithm>

#include "webhook/charts/axis.h"
#include "webhook/diagnosis_page/findings_html.h"
#include "webhook/diagnosis_page/run_charts.h"
#include "webhook/diagnosis_page/style.h"
#include "webhook/page/html.h"
#include "webhook/policy_file/policy_yaml_exception.h"
#include "webhook/text/terminal.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

using policy::ApplicationRun;

std::string NameOf(const ApplicationRun& run) {
  if (!run.name.empty()) return run.name;
  return run.id.empty() ? run.source : run.id;
}

std::string Item(std::string_view name, const std::string& escaped) {
  return escaped.empty() ? "" : "<dt>" + Escaped(name) + "</dt><dd>" + escaped + "</dd>\n";
}

std::string Plural(int64_t count, const char* word) {
  return Grouped(count) + " " + word + (count == 1 ? "" : "s");
}

std::string FactsHtml(const ApplicationRun& run) {
  std::string html = "<dl class=\"facts\">\n";
  html += Item("application", Foreign(run.id));
  html += Item("Spark", Escaped(run.spark_version_text));
  if (run.started > 0) {
    html += Item("started", PrintMoment(run.started / 1000));
    if (run.ended > run.started) html += Item("took", TimeLabel(run.ended - run.started));
  }
  if (run.executors_seen > 0) {
    html += Item("executors",
                 Grouped(run.executors_seen) + ", " + Grouped(run.most_executors) + " at once");
  }
  if (run.totals.tasks > 0) {
    std::string work = Plural(run.totals.jobs, "job") + ", " + Plural(run.totals.stages, "stage") +
                       ", " + Plural(run.totals.tasks, "task");
    if (run.totals.failed_tasks > 0) work += ", " + Grouped(run.totals.failed_tasks) + " failed";
    html += Item("work", work);
  }
  html += Item("read from", Foreign(run.source));
  return html + "</dl>\n";
}

// What could not be read to its end: said above everything that was concluded from it.
std::string InputsHtml(const ApplicationRun& run) {
  std::string html;
  for (const policy::InputState& input : run.inputs) {
    for (const std::string* what : {&input.damaged, &input.unfinished}) {
      if (what->empty()) continue;
      html += "<p class=\"partly\">" + Foreign(input.source) + ": " + Escaped(*what) + "</p>\n";
    }
  }
  return html;
}

std::string RunHtml(const DiagnosedRun& diagnosed) {
  const ApplicationRun& run = *diagnosed.run;
  return "<section>\n<h2>" + Foreign(NameOf(run)) + "</h2>\n" + FactsHtml(run) + InputsHtml(run) +
         FindingsHtml(diagnosed.findings) + ChartsHtml(run) + "</section>\n";
}

std::string TitleOf(std::span<const DiagnosedRun> runs) {
  if (runs.size() == 1) return NameOf(*runs.front().run);
  return Plural(static_cast<int64_t>(runs.size()), "run");
}

}  // namespace

std::string DiagnosisPage(std::span<const DiagnosedRun> runs,
                          std::span<const SizedApplication> sized) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      Escaped(TitleOf(runs)) + " - Ballast</title>\n<style>\n" + std::string(kDiagnosisStyle) +
      "</style>\n</head>\n<body>\n<main>\n<h1>What Spark really did</h1>\n";
  for (const SizedApplication& application : sized) {
    const std::string table = SizesHtml(application.sizes);
    if (table.empty()) continue;
    html += "<section>\n<h2>Sizes for " + Foreign(application.name) + "</h2>\n" + table +
            "</section>\n";
  }
  for (const DiagnosedRun& run : runs) html += RunHtml(run);
  return html + "</main>\n<footer>Made by ballast " + kVersion + "</footer>\n</body>\n</html>\n";
}

}  // namespace ballast::webhook
