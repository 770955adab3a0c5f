// What is asked for of the cluster, and what that strands of it.
#include "webhook/page/cluster_use.h"

#include <gtest/gtest.h>

namespace ballast::webhook {
namespace {

using policy::Cores;
using policy::Gibibytes;
using policy::Totals;

const Totals kCluster{Gibibytes(1000), Cores(100)};  // 10 GiB a core

TEST(ClusterUse, TheSameShareOfBothStrandsNothing) {
  const ClusterUse use = UseOf(kCluster, {Gibibytes(500), Cores(50)});
  EXPECT_EQ(use.stranded, Totals());
}

TEST(ClusterUse, MoreMemoryThanCoresStrandsCores) {
  const ClusterUse use = UseOf(kCluster, {Gibibytes(500), Cores(10)});
  EXPECT_EQ(use.stranded.cpu, Cores(40));
  EXPECT_EQ(use.stranded.memory, policy::ByteSize());
}

TEST(ClusterUse, MoreCoresThanMemoryStrandsMemory) {
  const ClusterUse use = UseOf(kCluster, {Gibibytes(100), Cores(60)});
  EXPECT_EQ(use.stranded.memory, Gibibytes(500));
  EXPECT_EQ(use.stranded.cpu, policy::MilliCpu());
}

TEST(ClusterUse, WhatIsOverTheClusterStrandsAtMostTheRest) {
  const ClusterUse use = UseOf(kCluster, {Gibibytes(5000), Cores(70)});
  EXPECT_EQ(use.stranded.cpu, Cores(30));
  EXPECT_EQ(UseOf({}, {Gibibytes(1), Cores(1)}).stranded, Totals());
}

RecentDecision Decision(const char* name, int64_t cores) {
  RecentDecision decision;
  decision.operation = "CREATE";
  decision.kind = "SparkApplication";
  decision.namespace_name = "jobs";
  decision.name = name;
  decision.asks = Totals{Gibibytes(cores), Cores(cores)};
  return decision;
}

TEST(ClusterUse, AnApplicationCountsOnceAsItWasAdmittedLast) {
  RecentDecision tried = Decision("tried", 100);
  tried.dry_run = true;
  RecentDecision refused = Decision("refused", 100);
  refused.allowed = false;
  refused.asks.reset();
  RecentDecision change = Decision("a", 50);
  change.operation = "UPDATE";
  change.allowed = false;
  change.asks.reset();
  const AskedTotals asked =
      AskedBy({change, Decision("a", 4), Decision("a", 8), tried, refused, Decision("b", 2)});
  EXPECT_EQ(asked.applications, 2U);
  EXPECT_EQ(asked.totals.cpu, Cores(6));
}

}  // namespace
}  // namespace ballast::webhook
