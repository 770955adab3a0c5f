// What decisions do with a view of the cluster that is too old, by the named option.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/webhook/admission/admission_fixture.h"
#include "webhook/admission/admit.h"

namespace ballast::webhook {
namespace {

struct Case {
  std::string name;
  OnStale on_stale;
  int64_t age;  // seconds; 0: fresh
  bool allowed;
  std::string notice;  // empty: none
  std::string audit;   // of "stale"; empty: none
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"Fresh", OnStale::kAbstain, 0, false, "", ""},
    {"Warn", OnStale::kWarn, 420, false,
     "ballast: the API server was last heard 7 minutes ago: judged by the cluster as it was then",
     "420"},
    {"OneMinute", OnStale::kWarn, 119, false,
     "ballast: the API server was last heard 1 minute ago: judged by the cluster as it was then",
     "119"},
    {"Ignore", OnStale::kIgnore, 420, false, "", "420"},
    {"Abstain", OnStale::kAbstain, 420, true,
     "ballast: the API server was last heard 7 minutes ago: capacity is not judged", "420"},
};

class StaleView : public testing::TestWithParam<Case> {};

TEST_P(StaleView, IsToldAndFollowsTheOption) {
  Snapshot snapshot;
  policy::NodeClass& node = snapshot.cluster.classes.emplace_back();
  node.allocatable = {policy::Cores(1), policy::Gibibytes(1), 110, {}};  // holds no executor
  node.count = node.ready = 3;
  snapshot.cluster.known = true;
  snapshot.on_stale = GetParam().on_stale;
  if (GetParam().age > 0) snapshot.stale_since = kNow - GetParam().age;
  const nlohmann::json object =
      Application(R"({"driver":{"memory":"2g"},"executor":{"instances":2,"memory":"4g"}})");
  const AdmissionAnswer answer = Admit(Create(object), Endpoint::kValidate, snapshot, kNow);
  EXPECT_EQ(answer.allowed, GetParam().allowed) << answer.message;
  std::string notice;
  for (const std::string& warning : answer.warnings) {
    if (warning.find("last heard") != std::string::npos) notice = warning;
  }
  EXPECT_EQ(notice, GetParam().notice);
  EXPECT_LE(notice.size(), 120u);
  const auto audit = answer.audit_annotations.find("stale");
  EXPECT_EQ(audit == answer.audit_annotations.end() ? "" : audit->second, GetParam().audit);
}

INSTANTIATE_TEST_SUITE_P(Options, StaleView, testing::ValuesIn(kCases),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::webhook
