#include "webhook/page/cluster_use.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace ballast::webhook {
namespace {

double Share(int64_t part, int64_t whole) {
  if (whole <= 0) return 0;
  return std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

// So much of the one is left over where the other's share is greater by `more`.
int64_t LeftOver(double more, int64_t capacity, int64_t asked) {
  if (more <= 0) return 0;
  const auto left = static_cast<int64_t>(more * static_cast<double>(capacity));
  return std::clamp<int64_t>(left, 0, std::max<int64_t>(0, capacity - asked));
}

}  // namespace

ClusterUse UseOf(const policy::Totals& capacity, const policy::Totals& asked) {
  ClusterUse use;
  use.capacity = capacity;
  use.asked = asked;
  const double memory = Share(asked.memory.bytes(), capacity.memory.bytes());
  const double cpu = Share(asked.cpu.millis(), capacity.cpu.millis());
  use.stranded.cpu =
      policy::Millis(LeftOver(memory - cpu, capacity.cpu.millis(), asked.cpu.millis()));
  use.stranded.memory =
      policy::Bytes(LeftOver(cpu - memory, capacity.memory.bytes(), asked.memory.bytes()));
  return use;
}

AskedTotals AskedBy(const std::vector<RecentDecision>& newest_first) {
  AskedTotals asked;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen;
  for (const RecentDecision& decision : newest_first) {
    if (decision.dry_run) continue;
    // What a submission makes of an application is counted with that; without one its ConfigMap is
    // the application.
    if (decision.kind == "Pod" || (decision.kind == "ConfigMap" && decision.recorded)) continue;
    // A refused change leaves what was admitted before.
    if (!decision.allowed && decision.operation == "UPDATE") continue;
    if (!seen.emplace(decision.kind, decision.namespace_name, decision.name).second) continue;
    if (!decision.asks) continue;
    asked.totals.memory += decision.asks->memory;
    asked.totals.cpu += decision.asks->cpu;
    ++asked.applications;
  }
  return asked;
}

}  // namespace ballast::webhook
