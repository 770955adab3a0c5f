#include "policy/given_pod_limits.h"

#include <string>

#include "policy/describe_pod.h"
#include "policy/print_value.h"
#include "policy/quantity.h"

namespace ballast::policy {

Verdict JudgeGivenPod(const PodShape& shape, const ShapeLimits& limits, std::string_view noun,
                      std::string_view reason) {
  Verdict verdict;
  const auto judge = [&](const std::string& asked, const auto& amount, const auto& range,
                         auto print) {
    const std::string of = "a " + std::string(noun) + " pod of " + asked;
    if (range.max && amount > *range.max) {
      verdict.push_back(Reject(reason, Severity::kHigh,
                               of + " is over the policy's " + print(*range.max) +
                                   ": lower what its pod template requests",
                               {}));
    } else if (range.min && amount < *range.min) {
      verdict.push_back(
          Warn(reason, Severity::kMedium, of + " is under the policy's " + print(*range.min), {}));
    }
  };
  judge(DescribeSize(shape.memory()), shape.memory(), limits.memory,
        [](ByteSize size) { return PrintMemoryQuantity(size); });
  judge(DescribeCpu(shape.cpu), shape.cpu, limits.cores,
        [](MilliCpu cpu) { return PrintCpuQuantity(cpu); });
  return verdict;
}

}  // namespace ballast::policy
