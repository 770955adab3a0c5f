// A table of tests for a rule that looks at the nodes: a configuration, what is different about the
// policy and the cluster, and the text that the user sees.
//
// Unless a row says otherwise the nodes are those of the tuning guides: 100 of 39Gi and 10 cores.
// Every rewrite is also applied and judged again: the rule must have nothing more to rewrite or to
// reject.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "policy/evaluate.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {

struct ClusterScene {
  Workload workload;
  Policy policy;
  ClusterCapacity cluster;
};

struct ClusterCase {
  const char* name;
  ConfMap conf;  // over 200 executors of 28g + 4g and 4 cores, a driver of 2g + 384m and 1 core
  void (*arrange)(ClusterScene&);  // may be nullptr
  std::string want;  // one line a finding: "rewrite: MESSAGE [key=value, -key]"; "" for none
};

NodeClass NodesOf(const char* name, int64_t count, MilliCpu cpu, ByteSize memory);
void CheckClusterCase(const Rule& rule, const ClusterCase& test);

}  // namespace ballast::policy
