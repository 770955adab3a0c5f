#include "policy/describe_pod.h"

#include <algorithm>

#include "policy/executor_settings.h"
#include "policy/print_value.h"

namespace ballast::policy {

std::string DescribeCpu(MilliCpu cpu) {
  const int64_t millis = cpu.millis();
  std::string text = std::to_string(millis / 1000);
  if (millis % 1000 != 0) {
    std::string rest = std::to_string(1000 + millis % 1000).substr(1);
    while (rest.back() == '0') rest.pop_back();
    text += "." + rest;
  }
  return text + (millis == 1000 ? " core" : " cores");
}

std::string DescribePod(ByteSize memory, MilliCpu cpu) {
  return DescribeSize(memory) + " and " + DescribeCpu(cpu);
}

std::string DescribeExecutors(const ExecutorCount& count, const PodShape& shape,
                              std::string_view noun) {
  const int64_t most = count.most();
  std::string text(noun);
  if (count.dynamic && most >= kMostExecutors) {
    text += "s";
  } else {
    text = (count.dynamic ? "up to " : "") + std::to_string(most) + " " + text +
           (most == 1 ? "" : "s");
  }
  return text + " of " + DescribePod(shape.memory(), shape.cpu);
}

std::string_view DriverNoun(const Workload& workload) {
  if (workload.standing()) return "master";
  return workload.driver_given ? "server" : "driver";
}

std::string_view ExecutorNoun(const Workload& workload) {
  return workload.standing() ? "worker" : "executor";
}

std::string DescribeMisfit(std::string_view pod, ByteSize memory, MilliCpu cpu,
                           const EligibleNodes& nodes) {
  const ByteSize room = nodes.groups.empty() ? ByteSize() : nodes.groups.front().room.memory;
  const bool alike = memory != room && DescribeSize(memory) == DescribeSize(room);
  std::string text = std::string(pod) + " pod of " + DescribePod(memory, cpu);
  if (alike) text += " (" + std::to_string(memory.mebibytes_ceil()) + " MiB)";
  text += " fits no node; " + DescribeLargest(nodes);
  if (alike) text += " (" + std::to_string(room.mebibytes()) + " MiB)";
  return text;
}

std::string DescribeLargest(const EligibleNodes& nodes) {
  if (nodes.groups.empty()) return "there is no such node";
  const Resources& roomiest = nodes.groups.front().room;
  MilliCpu most_cpu;
  for (const EligibleNodes::Group& group : nodes.groups) {
    most_cpu = std::max(most_cpu, group.room.cpu);
  }
  std::string text = "the largest node has " + DescribePod(roomiest.memory, roomiest.cpu);
  if (most_cpu > roomiest.cpu) text += ", another " + DescribeCpu(most_cpu);
  return text;
}

std::string DescribeRange(const Range<ByteSize>& range) {
  if (range.min && range.max) return DescribeSize(*range.min) + " to " + DescribeSize(*range.max);
  if (range.max) return "at most " + DescribeSize(*range.max);
  if (range.min) return "at least " + DescribeSize(*range.min);
  return "any size";
}

}  // namespace ballast::policy
