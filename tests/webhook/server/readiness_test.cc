#include "webhook/server/readiness.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::webhook {
namespace {

ReadinessInput Good() {
  ReadinessInput input;
  input.policy_loaded = true;
  input.capacity_wanted = true;
  input.capacity_known = true;
  input.certificate = {1000, 2000};
  input.now = 1500;
  return input;
}

TEST(Readiness, IsReadyWithAllOfThem) {
  const Readiness readiness = JudgeReadiness(Good());
  EXPECT_TRUE(readiness.ready);
  EXPECT_EQ(readiness.text,
            "[+]serving ok\n[+]policy ok\n[+]applications ok\n[+]capacity ok\n[+]certificate ok\n"
            "ready\n");
}

TEST(Readiness, NeedsNoCapacityWhereNoneWasNamed) {
  ReadinessInput input = Good();
  input.capacity_known = false;
  EXPECT_FALSE(JudgeReadiness(input).ready);
  input.capacity_wanted = false;
  EXPECT_TRUE(JudgeReadiness(input).ready);
}

TEST(Readiness, WaitsForApplicationsForAWhile) {
  ReadinessInput input = Good();
  input.applications_known = false;
  input.seconds_since_start = 44;
  EXPECT_FALSE(JudgeReadiness(input).ready);
  input.seconds_since_start = 45;
  EXPECT_TRUE(JudgeReadiness(input).ready);
}

struct FailureCase {
  const char* name;
  void (*change)(ReadinessInput&);
  const char* line;
};

TEST(Readiness, SaysWhatIsMissing) {
  for (const FailureCase& row : {
           FailureCase{"Draining", [](ReadinessInput& i) { i.draining = true; },
                       "[-]serving failed: shutting down\n"},
           FailureCase{"NoPolicy", [](ReadinessInput& i) { i.policy_loaded = false; },
                       "[-]policy failed: none is loaded\n"},
           FailureCase{"NoApplications", [](ReadinessInput& i) { i.applications_known = false; },
                       "[-]applications failed: they are not listed yet\n"},
           FailureCase{"NoNodes", [](ReadinessInput& i) { i.capacity_known = false; },
                       "[-]capacity failed: no nodes are known\n"},
           FailureCase{"NoNodesSinceForbidden",
                       [](ReadinessInput& i) {
                         i.capacity_known = false;
                         i.capacity_unknown = "no nodes are known yet: 403";
                       },
                       "[-]capacity failed: no nodes are known yet: 403\n"},
           FailureCase{"Expired", [](ReadinessInput& i) { i.now = 2001; },
                       "[-]certificate failed: expired at 1970-01-01T00:33:20Z\n"},
           FailureCase{"NotYet", [](ReadinessInput& i) { i.now = 999; },
                       "[-]certificate failed: not valid before 1970-01-01T00:16:40Z\n"},
       }) {
    ReadinessInput input = Good();
    row.change(input);
    const Readiness readiness = JudgeReadiness(input);
    EXPECT_FALSE(readiness.ready) << row.name;
    EXPECT_NE(readiness.text.find(row.line), std::string::npos) << readiness.text;
  }
}

}  // namespace
}  // namespace ballast::webhook
