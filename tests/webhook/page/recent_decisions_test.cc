#include "webhook/page/recent_decisions.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::webhook {
namespace {

TEST(RecentDecisions, KeepsTheLastOnesTheNewestFirst) {
  RecentDecisions recent(3);
  for (int i = 0; i < 5; ++i) {
    RecentDecision decision;
    decision.name = std::to_string(i);
    recent.Add(decision);
  }
  const auto all = recent.All();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].name, "4");
  EXPECT_EQ(all[2].name, "2");
}

// Whatever is sent, one of them stays small.
TEST(RecentDecisions, TextsAreCutBetweenCharacters) {
  const std::string name(5000, 'n');
  AdmissionRequest request;
  request.name = name;
  request.operation = "CREATE";
  AdmissionAnswer answer;
  for (int i = 0; i < 100; ++i) {
    policy::Finding finding;
    finding.rule = "settings";
    finding.action = i == 99 ? policy::Action::kReject : policy::Action::kWarn;
    for (int k = 0; k < 5000; ++k) finding.message += "\xC3\xA9";
    answer.decision.findings.push_back(finding);
  }
  const RecentDecision recent = MakeRecentDecision(request, answer, 7);
  EXPECT_EQ(recent.name.size(), 253U + 3);
  ASSERT_EQ(recent.reasons.size(), 6U);
  for (const std::string& reason : recent.reasons) {
    EXPECT_LE(reason.size(), 403U);
    EXPECT_TRUE(reason.ends_with("\xC3\xA9\xE2\x80\xA6")) << reason.substr(380);
  }
  EXPECT_EQ(recent.seconds, 7);
}

}  // namespace
}  // namespace ballast::webhook
