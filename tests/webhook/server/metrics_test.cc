// What /metrics tells of decisions, policies and the leader.
#include "webhook/server/metrics.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::webhook {
namespace {

bool Has(Metrics& metrics, const std::string& line) {
  return metrics.Text({}).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, SumsWhatNamespacesAskedForAndGot) {
  Metrics metrics("test");
  const policy::Totals asked{policy::Gibibytes(40), policy::Cores(8)};
  metrics.Sizes("jobs", asked, {policy::Gibibytes(20), policy::MilliCpu()});
  metrics.Sizes("jobs", asked, {});
  EXPECT_TRUE(
      Has(metrics, R"(ballast_memory_bytes_total{namespace="jobs",stage="asked"} 85899345920)"));
  EXPECT_TRUE(
      Has(metrics, R"(ballast_memory_bytes_total{namespace="jobs",stage="granted"} 21474836480)"));
  EXPECT_TRUE(Has(metrics, R"(ballast_cpu_cores_total{namespace="jobs",stage="asked"} 16)"));
  EXPECT_TRUE(Has(metrics, R"(ballast_cpu_cores_total{namespace="jobs",stage="granted"} 0)"));
}

TEST(Metrics, NamespacesOverTheBoundCountTogether) {
  Metrics metrics("test");
  const policy::Totals one{policy::Mebibytes(1), policy::Cores(1)};
  for (int i = 0; i < 502; ++i) metrics.Sizes("n" + std::to_string(i), one, one);
  EXPECT_TRUE(Has(metrics, R"(ballast_cpu_cores_total{namespace="n499",stage="asked"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(ballast_cpu_cores_total{namespace="_others",stage="asked"} 2)"));
  EXPECT_EQ(metrics.Text({}).find("n500"), std::string::npos);
}

TEST(Metrics, ExceptionsComeAndGo) {
  Metrics metrics("test");
  policy::PolicyException exception;
  exception.name = "quarter-end";
  exception.namespace_name = "jobs";
  exception.expires_seconds = 1'795'255'200;
  metrics.ExceptionExpiries({exception});
  const std::string line =
      R"(ballast_exception_expiry_timestamp_seconds{exception="quarter-end",namespace="jobs"} )"
      "1795255200";
  EXPECT_TRUE(Has(metrics, line));
  metrics.ExceptionExpiries({exception});
  EXPECT_TRUE(Has(metrics, line));
  metrics.ExceptionExpiries({});
  EXPECT_EQ(metrics.Text({}).find("quarter-end"), std::string::npos);
}

TEST(Metrics, SaysWhoLeads) {
  Metrics metrics("test");
  metrics.Leader(true);
  EXPECT_TRUE(Has(metrics, "ballast_leader 1"));
  metrics.Leader(false);
  EXPECT_TRUE(Has(metrics, "ballast_leader 0"));
}

}  // namespace
}  // namespace ballast::webhook
