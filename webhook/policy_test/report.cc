#include "webhook/policy_test/report.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "webhook/page/html.h"
#include "webhook/text/line_diff.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

struct Counts {
  size_t passed = 0;
  size_t failed = 0;
  size_t errors = 0;
  double seconds = 0;
};

Counts Count(const std::vector<CaseResult>& results) {
  Counts counts;
  for (const CaseResult& result : results) {
    ++(result.status == CaseStatus::kPassed   ? counts.passed
       : result.status == CaseStatus::kFailed ? counts.failed
                                              : counts.errors);
    counts.seconds += result.seconds;
  }
  return counts;
}

std::string Plural(size_t count, const char* word) {
  return Grouped(static_cast<int64_t>(count)) + " " + word + (count == 1 ? "" : "s");
}

std::string Indented(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.append(indent).append(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// "- verdict: Admitted" and "+ verdict: Rejected", with the lines that are as expected.
std::string DifferenceText(const CaseResult::Difference& difference, const Paint& paint) {
  return difference.place + ": " + difference.object + " is not judged as expected\n" +
         LineDiff(difference.expected, difference.got, "expected", "got", paint);
}

std::string MistakeText(const policy::Error& mistake) {
  return mistake.where + ": " + mistake.what + "\n";
}

// All that is wrong with a case.
std::string DetailsText(const CaseResult& result, const Paint& paint) {
  std::string text;
  for (const policy::Error& mistake : result.mistakes) text += MistakeText(mistake);
  for (const auto& difference : result.differences) text += DifferenceText(difference, paint);
  return text;
}

// XML knows the same escapes, but has no place for U+FFFE and U+FFFF. In attributes line ends and
// tabs are written as references, else parsers make blanks of them.
std::string Xml(std::string_view text, bool attribute = true) {
  const std::string escaped = Escaped(text);
  std::string out;
  for (size_t i = 0; i < escaped.size(); ++i) {
    const char c = escaped[i];
    if (c == '\r' || (attribute && (c == '\n' || c == '\t'))) {
      out += "&#" + std::to_string(c) + ";";
    } else if (escaped.compare(i, 3, "\xEF\xBF\xBE") == 0 ||
               escaped.compare(i, 3, "\xEF\xBF\xBF") == 0) {
      out += "\xEF\xBF\xBD";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

// "0.012": what every reader takes for seconds.
std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string Headline(const CaseResult& result) {
  if (!result.mistakes.empty()) {
    return result.mistakes.front().where + ": " + result.mistakes.front().what;
  }
  const auto& first = result.differences.front();
  return first.object + " is not judged as expected";
}

std::string TestcaseXml(const CaseResult& result, const std::string& folder) {
  // The class is what a CI server groups by; GitLab tells cases apart by class and name together.
  const size_t slash = result.name.rfind('/');
  const std::string group =
      slash == std::string::npos ? folder : folder + "/" + result.name.substr(0, slash);
  std::string xml = "    <testcase name=\"" +
                    Xml(slash == std::string::npos ? result.name : result.name.substr(slash + 1)) +
                    "\" classname=\"" + Xml(group) + "\" time=\"" + Seconds(result.seconds) + "\"";
  if (result.status == CaseStatus::kPassed) return xml + "/>\n";
  const bool failed = result.status == CaseStatus::kFailed;
  const std::string element = failed ? "failure" : "error";
  return xml + ">\n      <" + element + " type=\"" + (failed ? "judged-otherwise" : "mistake") +
         "\" message=\"" + Xml(Headline(result)) + "\">" +
         Xml((result.description.empty() ? "" : result.description + "\n") +
                 DetailsText(result, Paint(false)),
             false) +
         "</" + element + ">\n    </testcase>\n";
}

json ErrorsJson(const std::vector<policy::Error>& errors) {
  json list = json::array();
  for (const policy::Error& error : errors) {
    list.push_back({{"place", error.where}, {"message", error.what}});
  }
  return list;
}

}  // namespace

std::string PolicyTestText(const std::vector<CaseResult>& results, const Paint& paint) {
  std::string text;
  for (const CaseResult& result : results) {
    if (result.status == CaseStatus::kPassed) {
      text += paint(Colour::kGreen, "ok") + "     " + result.name + "\n";
      continue;
    }
    const bool failed = result.status == CaseStatus::kFailed;
    text += paint(Colour::kRed, failed ? "FAIL" : "ERROR") + (failed ? "   " : "  ") + result.name;
    if (!result.description.empty()) text += ": " + result.description;
    text += "\n" + Indented(DetailsText(result, paint), "  ");
  }
  const Counts counts = Count(results);
  text += Plural(results.size(), "case") + ": " + std::to_string(counts.passed) + " passed";
  if (counts.failed > 0) text += ", " + std::to_string(counts.failed) + " failed";
  if (counts.errors > 0) text += ", " + std::to_string(counts.errors) + " with a mistake";
  return text + "\n";
}

json PolicyTestJson(const std::vector<CaseResult>& results) {
  json cases = json::array();
  for (const CaseResult& result : results) {
    json differences = json::array();
    for (const auto& difference : result.differences) {
      differences.push_back({{"place", difference.place},
                             {"object", difference.object},
                             {"expected", difference.expected},
                             {"got", difference.got}});
    }
    cases.push_back({{"name", result.name},
                     {"description", result.description},
                     {"status", result.status == CaseStatus::kPassed   ? "passed"
                                : result.status == CaseStatus::kFailed ? "failed"
                                                                       : "error"},
                     {"seconds", result.seconds},
                     {"differences", std::move(differences)},
                     {"mistakes", ErrorsJson(result.mistakes)}});
  }
  const Counts counts = Count(results);
  return {{"apiVersion", "policy.ballast.dev/v1alpha1"},
          {"kind", "PolicyTestReport"},
          {"summary",
           {{"cases", results.size()},
            {"passed", counts.passed},
            {"failed", counts.failed},
            {"errors", counts.errors},
            {"seconds", counts.seconds}}},
          {"cases", std::move(cases)}};
}

std::string PolicyTestJunit(const std::vector<CaseResult>& results, const std::string& folder) {
  const Counts counts = Count(results);
  const std::string totals = "tests=\"" + std::to_string(results.size()) + "\" failures=\"" +
                             std::to_string(counts.failed) + "\" errors=\"" +
                             std::to_string(counts.errors) + "\" time=\"" +
                             Seconds(counts.seconds) + "\"";
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ballast\" " +
                    totals + ">\n  <testsuite name=\"" + Xml(folder) + "\" " + totals + ">\n";
  for (const CaseResult& result : results) xml += TestcaseXml(result, folder);
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace ballast::webhook
