// How pods and nodes are written into messages. Called only when there is something to say.
#pragma once

#include <string>
#include <string_view>

#include "policy/capacity.h"
#include "policy/policy.h"
#include "policy/spark_memory.h"
#include "policy/workload.h"

namespace ballast::policy {

// "4 cores", "1 core", "0.5 cores".
std::string DescribeCpu(MilliCpu cpu);
// "39 GiB and 10 cores".
std::string DescribePod(ByteSize memory, MilliCpu cpu);
// "200 executors of 32 GiB and 4 cores"; dynamic ones "up to 200 executors of ...".
std::string DescribeExecutors(const ExecutorCount& count, const PodShape& shape,
                              std::string_view noun = "executor");
// What the two roles are called: "driver", "server" or "master"; "executor" or "worker".
std::string_view DriverNoun(const Workload& workload);
std::string_view ExecutorNoun(const Workload& workload);
// "an executor pod of 40 GiB and 4 cores fits no node; the largest node has 39 GiB and 10 cores".
// Sizes that would read alike are said in MiB.
std::string DescribeMisfit(std::string_view pod, ByteSize memory, MilliCpu cpu,
                           const EligibleNodes& nodes);
// "the largest node has 39 GiB and 10 cores", with the most of each where no one node has both.
std::string DescribeLargest(const EligibleNodes& nodes);
// "1 GiB to 32 GiB", "at most 32 GiB".
std::string DescribeRange(const Range<ByteSize>& range);

}  // namespace ballast::policy
