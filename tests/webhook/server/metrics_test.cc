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

TEST(Metrics, EverythingThatIsFollowedHasItsOwnAge) {
  Metrics metrics("test");
  ServerGauges gauges;
  gauges.cluster = ClusterGauges{.age_seconds = 7, .failures = 1};
  gauges.followed = {{"policies", 400, 2, 0}, {"applications", std::nullopt, 3, 5}};
  const std::string text = metrics.Text(gauges);
  for (const char* line : {R"(ballast_cluster_view_age_seconds{what="cluster"} 7)",
                           R"(ballast_cluster_view_age_seconds{what="policies"} 400)",
                           R"(ballast_watch_failures_total{what="cluster"} 1)",
                           R"(ballast_watch_failures_total{what="policies"} 2)",
                           R"(ballast_watch_failures_total{what="applications"} 3)",
                           R"(ballast_left_out_total{what="applications"} 5)"}) {
    EXPECT_NE(text.find(std::string("\n") + line + "\n"), std::string::npos) << line;
  }
  // Of what was never heard there is no age.
  EXPECT_EQ(text.find(R"(age_seconds{what="applications"})"), std::string::npos);
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
