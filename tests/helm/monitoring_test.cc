// Dashboard and alerts speak of what there is: metrics that the sources name, runbooks that exist.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "k8s/json_text.h"
#include "tests/helm/helm.h"

namespace ballast::tests {
namespace {

namespace fs = std::filesystem;

const std::string kRules = "helm/ballast/templates/monitoring/prometheusrule.yaml";
const std::string kDashboard = "helm/ballast/files/dashboard.json";

// All names in the text that look like metrics of ours.
std::set<std::string> MetricsIn(const std::string& text) {
  static const std::regex kName("\\b((?:ballast|process)_[a-z_]+)\\b");
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), kName), end; it != end; ++it) {
    std::string name = (*it)[1];
    for (const char* suffix : {"_bucket", "_sum", "_count"}) {
      const size_t at = name.size() - std::min(name.size(), std::string(suffix).size());
      if (name.substr(at) == suffix && name.find("_seconds_") != std::string::npos) {
        name.resize(at);
      }
    }
    names.insert(name);
  }
  return names;
}

// The names of all metrics that some source registers.
std::set<std::string> MetricsOfTheSources() {
  static const std::regex kName("\"((?:ballast|process)_[a-z_]+)\"");
  std::set<std::string> names;
  const std::string root = BALLAST_SOURCE_DIR;
  for (const auto& entry : fs::recursive_directory_iterator(root + "/webhook")) {
    if (entry.path().extension() != ".cc") continue;
    const std::string text = ReadSource(fs::relative(entry.path(), root));
    for (std::sregex_iterator it(text.begin(), text.end(), kName), end; it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

TEST(Dashboard, IsJsonWithPanelsThatDoNotOverlap) {
  const auto dashboard = k8s::ParseJson(ReadSource(kDashboard));
  ASSERT_TRUE(dashboard.is_object());
  std::set<int> ids;
  std::set<std::pair<int, int>> cells;
  for (const auto& panel : dashboard["panels"]) {
    EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second) << panel["title"];
    EXPECT_FALSE(panel["targets"].empty()) << panel["title"];
    const auto& place = panel["gridPos"];
    for (int x = place["x"]; x < place["x"].get<int>() + place["w"].get<int>(); ++x) {
      for (int y = place["y"]; y < place["y"].get<int>() + place["h"].get<int>(); ++y) {
        EXPECT_TRUE(cells.insert({x, y}).second) << panel["title"];
        EXPECT_LT(x, 24) << panel["title"];
      }
    }
  }
  EXPECT_GT(ids.size(), 15u);
}

TEST(Monitoring, UsesMetricsThatExist) {
  const std::set<std::string> known = MetricsOfTheSources();
  EXPECT_GT(known.size(), 15u);
  for (const std::string& file : {kRules, kDashboard}) {
    for (const std::string& name : MetricsIn(ReadSource(file))) {
      EXPECT_TRUE(known.contains(name)) << file << " uses " << name;
    }
  }
}

TEST(Monitoring, ShowsEveryMetricOfOurs) {
  const std::set<std::string> shown = MetricsIn(ReadSource(kDashboard));
  for (const std::string& name : MetricsOfTheSources()) {
    EXPECT_TRUE(shown.contains(name)) << "the dashboard does not show " << name;
  }
}

TEST(Monitoring, EveryAlertHasARunbookAndEveryRunbookAnAlert) {
  const std::string text = ReadSource(kRules);
  static const std::regex kAlert("- alert: (\\w+)");
  static const std::regex kRunbook("runbook_url: \\{\\{ \\$runbook \\}\\}(\\w+\\.md)");
  const auto count = [&](const std::regex& what) {
    return std::distance(std::sregex_iterator(text.begin(), text.end(), what),
                         std::sregex_iterator());
  };
  EXPECT_EQ(count(kAlert), count(kRunbook));
  std::set<std::string> linked;
  for (std::sregex_iterator it(text.begin(), text.end(), kRunbook), end; it != end; ++it) {
    linked.insert((*it)[1]);
  }
  std::set<std::string> written;
  const std::string folder = std::string(BALLAST_SOURCE_DIR) + "/docs/runbooks";
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() != "README.md") written.insert(entry.path().filename());
  }
  EXPECT_EQ(linked, written);
  const std::string index = ReadSource("docs/runbooks/README.md");
  for (std::sregex_iterator it(text.begin(), text.end(), kAlert), end; it != end; ++it) {
    EXPECT_NE(index.find((*it)[1].str()), std::string::npos) << (*it)[1];
  }
}

}  // namespace
}  // namespace ballast::tests
